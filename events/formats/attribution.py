"""What a dataset asks of those who show its rows (leaf)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Attribution:
    """A dataset by its name, how it asks to be cited, on which terms its rows go on, and what the mapping changes."""

    dataset: str
    cite: str
    terms: str
    changed: str
