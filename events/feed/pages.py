"""A saved page as lines: the blocks of its markup, and what it says of itself to machines (pure).

It is read as a stream of tags by libxml2 (lxml), not as a tree: building the tree that the HTML standard asks for can
take quadratic time on hostile markup; a stream, whose depth is bounded here, takes linear time on any.
"""

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from events.feed.lines import BULLET, Line, Page, clean_line, decoded, text_page

__all__ = ["read_page"]


def read_page(source: str | bytes) -> Page:
    """Take text or HTML apart into lines. Takes time in proportion to its length; fails on nothing."""
    text = decoded(source) if isinstance(source, bytes) else source
    return _from_html(text) if _is_html(text) else text_page(text)


_TAG: Final = re.compile(
    r"<(?:!doctype html|html|head|body|main|article|section|div|p|ul|ol|li|time|h[1-6]|table|br)\b", re.IGNORECASE
)
LOOKED_AT: Final = 50_000


def _is_html(text: str) -> bool:
    head = text[:LOOKED_AT]
    if head.lstrip("\ufeff \t\r\n")[:14].lower().startswith(("<!doctype html", "<html")):
        return True
    return "</" in head and len(_TAG.findall(head)) > 2


_BLOCKS: Final = frozenset((
    "address", "article", "aside", "blockquote", "body", "br", "center", "dd", "details", "dialog", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html",
    "legend", "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "th", "thead",
    "tfoot", "tr", "ul", "caption", "button", "label", "select", "option", "noscript",
))  # fmt: skip
_SILENT: Final = frozenset((
    "script", "style", "template", "svg", "math", "iframe", "object", "embed", "canvas", "audio", "video", "map",
    "head", "textarea", "title",
))  # fmt: skip
_EMPTY: Final = frozenset((
    "br", "hr", "img", "input", "meta", "link", "source", "track", "wbr", "area", "base", "col", "embed", "param",
))  # fmt: skip
_APART: Final = {
    "nav": "navigation", "footer": "the foot of the page", "aside": "beside the report", "form": "a form",
    "button": "a button", "dialog": "a notice", "select": "a choice", "figcaption": "a caption",
    "noscript": "a notice",
}  # fmt: skip
_ROLES: Final = {
    "navigation": "navigation", "contentinfo": "the foot of the page", "complementary": "beside the report",
    "dialog": "a notice", "search": "a form", "button": "a button", "menu": "navigation",
}  # fmt: skip
_CLASSES: Final = {
    "comments": "comments", "comment": "comments", "disqus_thread": "comments", "breadcrumb": "navigation",
    "breadcrumbs": "navigation", "menu": "navigation", "navbar": "navigation", "advertisement": "an advert",
    "advert": "an advert", "ad": "an advert", "ads": "an advert", "cookie-banner": "a notice", "cookie": "a notice",
    "cookies": "a notice", "newsletter": "a notice", "share": "a button", "social": "a button", "sharing": "a button",
    "social-share": "a button", "related": "beside the report", "related-posts": "beside the report",
    "related-articles": "beside the report", "sidebar": "beside the report", "most-read": "beside the report",
    "caption": "a caption", "wp-caption-text": "a caption", "photo-credit": "a caption", "credit": "a caption",
}  # fmt: skip
_WRAPPERS: Final = frozenset(("html", "body", "main", "article"))


@dataclass(slots=True)
class _Blocks:
    """Takes the stream of a page's tags and gathers its blocks."""

    page: Page
    parts: list[str] = field(default_factory=list)
    open_: list[tuple[str, str]] = field(default_factory=list)  # elements that keep text apart: tag, why
    depth: dict[str, int] = field(default_factory=dict)  # of elements of those tags within them
    silent: int = 0
    script: list[str] | None = None
    title: list[str] | None = None
    heading: int = 0
    moment: str = ""
    gap: bool = False
    point: bool = False
    nested: int = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take the beginning of an element."""
        self.nested += 1
        if tag in _SILENT:
            self._start_silent(tag, attributes)
            return
        if tag in {"meta", "link"}:
            _take_meta(self.page, attributes)
        if tag in _BLOCKS:
            self._end_line()
            self.gap = True
            self.point = tag == "li"
        if tag in {"h1", "h2", "h3", "h4", "h5", "h6"}:
            self.heading += 1
        elif tag in _MOMENTS and not self.moment:
            self.moment = _moment(tag, attributes)
        if tag in _EMPTY:
            return
        if tag in self.depth:
            self.depth[tag] += 1
        elif why := _why_apart(tag, attributes):
            self._end_line()
            self.open_.append((tag, why))
            self.depth[tag] = 0

    def _start_silent(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "title" and not self.page.title:
            self.title = []
        elif tag == "script" and attributes.get("type", "").strip().lower() == "application/ld+json":
            self.script = []
        if tag not in {"head", "embed"}:
            self.silent += 1

    def end(self, tag: str) -> None:
        """Take the end of an element."""
        self.nested -= 1
        if tag in _SILENT:
            self._end_silent(tag)
            return
        if tag in _BLOCKS:
            self._end_line()
            self.gap = True
        if self.heading and tag in {"h1", "h2", "h3", "h4", "h5", "h6"}:
            self.heading -= 1
        if tag in self.depth:
            if self.depth[tag]:
                self.depth[tag] -= 1
            else:
                self._close(tag)

    def _close(self, tag: str) -> None:
        self._end_line()
        while self.open_:
            name, _ = self.open_.pop()
            del self.depth[name]
            if name == tag:
                return

    def _end_silent(self, tag: str) -> None:
        if tag == "title" and self.title is not None:
            self.page.title = clean_line("".join(self.title))[:300]
            self.title = None
        elif tag == "script" and self.script is not None:
            _take_description(self.page, "".join(self.script))
            self.script = None
        if tag not in {"head", "embed"}:
            self.silent = max(0, self.silent - 1)

    def data(self, text: str) -> None:
        """Take text."""
        if self.title is not None:
            self.title.append(text)
        elif self.script is not None:
            self.script.append(text)
        elif not self.silent:
            self.parts.append(text)

    def _end_line(self) -> None:
        line = clean_line("".join(self.parts)) if self.parts else ""
        if bullet := BULLET.match(line):
            line = line[bullet.end() :]
        if line:
            why = self.open_[0][1] if self.open_ else ""
            point = self.point or bool(bullet)
            self.page.lines.append(Line(line, why, bool(self.heading), self.moment, point, self.gap))
            self.gap, self.point = False, False
        self.moment = ""
        self.parts.clear()

    def close(self) -> None:
        """Take the end of the page."""
        self._end_line()


_MOMENTS: Final = {
    "time": ("datetime", "data-datetime", "data-timestamp", "data-time", "title"),
    "abbr": ("title", "data-datetime", "data-timestamp", "data-time", "data-utime"),
    "span": ("data-datetime", "data-timestamp", "data-time"),
}  # fmt: skip
_DAY_IN_FULL: Final = re.compile(r"(?:19|20)\d\d-\d\d-\d\d")
_SECONDS: Final = re.compile(r"1\d{9}(?:\d{3})?")


def _moment(tag: str, attributes: dict[str, str]) -> str:
    """Return the time that a page gives to machines, in ISO 8601; some count seconds or milliseconds since 1970."""
    for name in _MOMENTS[tag]:
        told = attributes.get(name, "").strip()[:40]
        if _SECONDS.fullmatch(told):
            return datetime.fromtimestamp(int(told[:10]), UTC).isoformat()
        if _DAY_IN_FULL.match(told) or name == "datetime":
            return told
    return ""


def _why_apart(tag: str, attributes: dict[str, str]) -> str:
    if tag in _APART:
        return _APART[tag]
    if tag in _WRAPPERS or not attributes:
        return ""
    if "hidden" in attributes or "display:none" in attributes.get("style", "")[:200].replace(" ", "").lower():
        return "hidden"
    if role := _ROLES.get(attributes.get("role", "").strip().lower()):
        return role
    named = f"{attributes.get('class', '')} {attributes.get('id', '')}"[:500].lower().split()
    return next((_CLASSES[name] for name in named if name in _CLASSES), "")


_META: Final = {
    "og:site_name": "site", "application-name": "site", "article:published_time": "published",
    "datepublished": "published", "date": "published", "pubdate": "published", "dc.date": "published",
    "og:url": "address",
}  # fmt: skip


def _take_meta(page: Page, attributes: dict[str, str]) -> None:
    if attributes.get("rel", "").lower() == "canonical":
        page.address = page.address or attributes.get("href", "")[:300]
        return
    name = (attributes.get("property") or attributes.get("name") or attributes.get("itemprop") or "").lower()
    slot = _META.get(name)
    if slot and not getattr(page, slot):
        setattr(page, slot, clean_line(attributes.get("content", ""))[:300])


def _take_description(page: Page, text: str) -> None:
    """Take the day and the publisher from a page's JSON-LD; what is no JSON of that kind says nothing."""
    if len(text) > 1_000_000:
        return
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return
    graph = told.get("@graph") if isinstance(told, dict) else told
    for item in graph if isinstance(graph, list) else [told]:
        if not isinstance(item, dict):
            continue
        day, owner = item.get("datePublished"), item.get("publisher")
        if isinstance(day, str) and not page.published:
            page.published = day[:40]
        name = owner.get("name") if isinstance(owner, dict) else None
        if isinstance(name, str) and not page.site:
            page.site = clean_line(name)[:80]


MOST_KEPT_APART: Final = 0.7
"""Where the markup would leave out more of the letters than this, it does not mean what it says."""
DEEPEST: Final = 500
"""Elements within each other; looking up what an end tag ends costs as much, so that deeper ones are taken as text."""
PIECE: Final = 4096


def _from_html(text: str) -> Page:
    from lxml import etree  # noqa: PLC0415  (7 MB that only saved pages need)

    page = Page([], marked_up=True)
    blocks = _Blocks(page)
    raw = text.encode("utf-8", "replace")
    try:
        parser = etree.HTMLParser(target=blocks, encoding="utf-8", recover=True)
        for at in range(0, len(raw), PIECE):
            if blocks.nested > DEEPEST:
                parser.close()
                blocks.nested = 0
                parser = etree.HTMLParser(target=blocks, encoding="utf-8", recover=True)
            parser.feed(raw[at : at + PIECE])
        parser.close()
    except etree.LxmlError:  # nothing in it that could be read as markup
        return text_page(text)
    apart = sum(len(line.text) for line in page.lines if line.left)
    if apart > MOST_KEPT_APART * sum(len(line.text) for line in page.lines):
        page.lines = [line._replace(left="") for line in page.lines]
    return page
