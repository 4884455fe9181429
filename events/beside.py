"""Reading and checking a file in a process of its own, beside the one that writes what it holds.

Both take about as long, and neither lets another thread of its process run meanwhile. The process writes pickles to its
standard output, which only this one reads: the name of the format, then piece by piece, then None; or the SourceError
that ends it. It waits until a piece is taken, and ends when nobody is there to take one.
"""

import os
import pickle
import subprocess
import sys
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from events import formats
from events.errors import SourceError
from events.sources import CheckedPiece, checked_pieces

LARGE = 16 * 2**20  # bytes; to start a process takes as long as to read some

Read = tuple[formats.Format, Iterator[CheckedPiece]]


@contextmanager
def opened(path: Path, format_name: str, mapping: Mapping[str, str] | None) -> Iterator[Read]:
    """A file of events that is read and checked, beside this process where it is large. Raises SourceError."""
    if path.is_file() and path.stat().st_size > LARGE and sys.executable:
        with _process(path, format_name, mapping) as found:
            yield found
    else:
        with formats.opened(path, format_name, mapping) as file:
            yield file.format, checked_pieces(file, str(path))


@contextmanager
def _process(path: Path, format_name: str, mapping: Mapping[str, str] | None) -> Iterator[Read]:
    command = [sys.executable, "-c", f"from {__name__} import serve; serve()"]
    # A group of its own: who presses Ctrl-C stops this process, and this process that one.
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, process_group=0)  # noqa: S603
    try:
        with process.stdin as asked, process.stdout as told:  # type: ignore[union-attr]
            pickle.dump((path, format_name, mapping), asked)
            asked.close()
            name = _taken(told, path)
            yield formats.FORMATS[name], _pieces(told, path)
    finally:
        process.kill()
        process.wait()


def _pieces(told: IO[bytes], path: Path) -> Generator[CheckedPiece]:
    while (piece := _taken(told, path)) is not None:
        yield piece


def _taken(told: IO[bytes], path: Path) -> Any:
    try:
        found = pickle.load(told)  # noqa: S301 - our own process wrote it
    except (EOFError, pickle.UnpicklingError):
        raise SourceError(
            "the process that read it has ended", str(path), "See above why; memory may be short."
        ) from None
    if isinstance(found, SourceError):
        raise found
    return found


def serve() -> None:
    """Be the process that reads and checks: what is asked comes by standard input."""
    path, format_name, mapping = pickle.load(sys.stdin.buffer)  # noqa: S301 - the process that started this one wrote it
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as out:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever a library prints is no pickle
        try:
            with formats.opened(path, format_name, mapping) as file:
                _give(file.format.name, out)
                for piece in checked_pieces(file, str(path)):
                    _give(piece, out)
                _give(None, out)
        except SourceError as fault:
            _give(fault, out)
        except BrokenPipeError:
            os._exit(0)  # nobody is there any more
    os._exit(0)  # nothing is left to tidy up


def _give(what: object, out: IO[bytes]) -> None:
    pickle.dump(what, out, protocol=pickle.HIGHEST_PROTOCOL)
    out.flush()
