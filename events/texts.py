"""Columns of text by their distinct values (leaf)."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import pyarrow as pa


def arrow(values: pd.Series) -> Any:
    """A column of text as one Arrow array, not copied."""
    column = pa.array(values, pa.large_string())
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def each(values: pd.Series, convert: Callable[[str], str]) -> pd.Series:
    """Convert text value by value, once for each that is different: the cost follows the variety, not the rows."""
    changed: pd.Series = distinct(arrow(values), lambda texts: [convert(text) for text in texts]).to_pandas()  # no copy
    return changed.set_axis(values.index)


def distinct(values: Any, convert: Callable[[list[str]], list[str]]) -> Any:
    """Convert the distinct values of an Arrow array of text, all at once."""
    coded = values.dictionary_encode()
    return pa.array(convert(coded.dictionary.to_pylist()), pa.large_string()).take(coded.indices)
