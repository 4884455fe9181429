"""Attributes that Dash's components do not name (leaf)."""

from typing import Any


def attributes(prefix: str, **values: str) -> dict[str, Any]:
    """`attributes("data", cite="…")` as the keyword arguments of a Dash component: `{"data-cite": "…"}`."""
    return {f"{prefix}-{name}": value for name, value in values.items()}


def aria(**values: str) -> dict[str, Any]:
    """For assistive technology: `aria(label="Map")` is `{"aria-label": "Map"}`."""
    return attributes("aria", **values)
