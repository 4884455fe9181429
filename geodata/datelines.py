"""Where a report was sent from, as agencies put it before its first sentence: 'BAKU, Oct. 4 (Reuters) -'."""

import re
from typing import Final

__all__ = ["LOOKED_AT", "is_dateline"]

LOOKED_AT: Final = 80
"""Characters behind the name that tell a dateline."""

_DATE: Final = r"(?:[A-Z][A-Za-z]{2,8}\.?\s\d{1,2}|\d{1,2}\s[A-Z][A-Za-z]{2,8}\.?)(?:,?\s\d{4})?"
_AGENCY: Final = r"(?:\([A-Z][^()\n]{1,70}\)|/[A-Z][^/\n]{1,30}/|[A-Z]{4,}\b)"
_SENT: Final = re.compile(
    rf"[,.]?\s{{0,2}}(?:{_DATE}[,.:]?\s{{0,2}}(?:{_AGENCY}|[-–—.:]|\n|\Z|By\s)?|{_AGENCY}\s{{0,2}}(?:[-–—.:]|\Z))"
)
_SENT_IN_CAPITALS: Final = re.compile(rf"\s{{0,2}}(?:{_AGENCY}|[-–—:]\s|\.\s|,\s{_DATE})")


def is_dateline(behind: str, *, shouted: bool) -> bool:
    """Tell whether a name at the beginning of a line is a dateline, by the text behind it.

    A name in capitals (`shouted`) needs less beside it: an agency, a dash or a date; others need an agency and a dash,
    or a date.
    """
    return bool(_SENT.match(behind) or (shouted and _SENT_IN_CAPITALS.match(behind)))
