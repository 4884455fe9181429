"""The errors of the package, each one line that a person can act on (leaf)."""

from dataclasses import dataclass

LONGEST_SAID = 120


@dataclass(eq=False)
class SourceError(Exception):
    """A file or database that cannot be used: what is wrong, where, and how to mend it."""

    what: str
    where: str
    mend: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}. {self.mend}"


def said(fault: Exception) -> str:
    """What a library says of a fault, as part of one line: some quote whole files."""
    words = " ".join(str(fault).split()) or type(fault).__name__
    return words if len(words) <= LONGEST_SAID else words[:LONGEST_SAID] + " …"


@dataclass(frozen=True)
class Problem:
    """A value a user sent that cannot be used; the API's one error shape is made of it."""

    field: str
    value: str
    reason: str

    def __str__(self) -> str:
        return f"{self.field} = {self.value!r}: {self.reason}"
