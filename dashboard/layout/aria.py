"""Attributes for assistive technology (leaf)."""

from typing import Any


def aria(**attributes: str) -> dict[str, Any]:
    """`aria(label="Map")` as the keyword arguments of a Dash component: `{"aria-label": "Map"}`."""
    return {f"aria-{name}": value for name, value in attributes.items()}
