"""What a mapping of a format gives (leaf)."""

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Mapped:
    """A frame of text with the table's columns and `extra`, and what was mapped to what, with counts of rows."""

    frame: pd.DataFrame
    notes: tuple[str, ...]
