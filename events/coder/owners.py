"""Whose an office is that is named with its owner: 'the Defence Ministry of Artsakh', 'refugees from Karabakh'."""

from typing import Final

from events.coder.mentions import TEMPLATES, Mention, actor_of

__all__ = ["owns", "take_owner"]

_AIDES: Final = frozenset(
    f"{aide}{plural}"
    for aide in ("aide", "adviser", "advisor", "assistant", "secretary", "spokesman", "spokesperson", "envoy")
    for plural in ("", "s")
)
_NOT_OFFICES: Final = frozenset(("force", "opposition", "protesters", "police", "fighters"))
_OWNED: Final = frozenset((*TEMPLATES, "journalists", "peacekeepers", "fighters"))


def owns(inner: Mention, link: str, noun: str, kind: str, voices: frozenset[str]) -> bool:
    """Whether what follows a noun is whose it is, and not where it is or to whom it goes.

    `link` is the word between them, `kind` that of the noun; `voices` are the nouns that speak for civilians.
    """
    if inner.kind == "civilians" and not (inner.states and noun in voices):
        return False
    if link == "to":
        return noun.rsplit(maxsplit=1)[-1] in _AIDES
    if link == "from" and kind == "civilians" and inner.states == ("Artsakh",):
        return True  # 'refugees from Karabakh'
    if link in ("in", "at", "from"):
        return inner.kind == "state" and kind not in ("civilians", "journalists", "force")
    return True


def take_owner(mention: Mention, inner: Mention) -> None:
    """Make a mention that of its owner `inner`, and let it end with it."""
    kind = mention.kind
    mention.end, mention.states = inner.end, inner.states
    if kind == "government" and inner.kind in _NOT_OFFICES:
        mention.actors, mention.kind = inner.actors, inner.kind
    elif kind in _OWNED and inner.states:
        mention.actors = tuple(dict.fromkeys(actor_of(kind, state) for state in inner.states))
    elif kind in ("government", "force"):
        mention.actors, mention.kind = inner.actors, inner.kind
    elif kind in _OWNED:
        mention.actors = inner.actors
