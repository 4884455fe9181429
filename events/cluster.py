"""Coding and importing by several machines: the workers of a Dask scheduler (the extra `cluster`).

A task is one whole file. Its contents travel with it, so the workers need none of this machine's folders; the scheduler
keeps them until the result is here, and gives the file to another worker when one dies.
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final, Generic, Protocol, TypeVar

from events.errors import SourceError, said

if TYPE_CHECKING:
    import pandas as pd
    from distributed import Client, Future

    from events.coding import Coded
    from events.importing import Imported
    from events.writing import Merged

__all__ = ["code_files", "import_files"]

PACKAGE = "contact-line"
VERSION = version(PACKAGE)
ANSWER_SECONDS = 5  # in which a scheduler must answer
WORKER_SECONDS = 30  # for which work waits when there is no worker at all
LOOK_SECONDS = 1  # after which to look anew who is there
LARGEST: Final = 200_000_000
"""Bytes of a file, as it lies, that is sent to a worker; and of all that are under way, unless it is one alone."""

_Result = TypeVar("_Result")
_Found_co = TypeVar("_Found_co", covariant=True)


def code_files(
    scheduler: str, names: Sequence[str], published: date | None = None, publisher: str = ""
) -> Generator["Coded"]:
    """Code files as `coding.code_files` does, in the order of the names, by the workers of a scheduler.

    Files, and standard input, are read here and by nobody else. A file of which every worker died has a
    Coded.fault. Raises SourceError when the scheduler does not answer or has no workers, or theirs is another version.
    """
    from events.coding import Coded, read_source  # noqa: PLC0415

    def tasks() -> Iterator[_Coding | SourceError]:
        for name in names:
            try:
                yield _Coding(name, read_source(name), published, publisher)
            except SourceError as fault:
                yield fault

    for name, outcome in zip(names, _spread(scheduler, tasks()), strict=True):
        yield Coded(name, fault=str(outcome)) if isinstance(outcome, SourceError) else outcome


def import_files(
    scheduler: str,
    files: Sequence[Path],
    to: str,
    format_name: str = "auto",
    *,
    mapping: Mapping[str, str] | None = None,
    strict: bool = False,
) -> Generator["Imported | SourceError"]:
    """Import files into a server's database, each by one worker as `importing.import_file` does; in their order.

    `to` is the database's address as the workers reach it. A file that is refused comes as its SourceError: no more
    are handed out then, and those handed out already come to their end. A file whose worker died is imported again by
    another one; what it wrote before is there whole, and is then counted as there already, or not at all. Raises
    SourceError, before anything is written, for a database that only one process can write or a file that is too large
    to be sent, and as `code_files` does.
    """
    from events import formats  # noqa: PLC0415
    from events.importing import Imported  # noqa: PLC0415

    if "://" not in to or to.startswith(("duckdb:", "chdb:")):
        raise SourceError(
            "with --scheduler, the workers write to a server, and this is a file that one program writes",
            to,
            "Name a PostgreSQL or ClickHouse, or import without --scheduler.",
        )
    for file in files:
        if file.is_file() and file.stat().st_size > LARGEST:
            raise SourceError(
                f"it is larger than {LARGEST // 1_000_000} MB, the most that is sent to a worker",
                str(file),
                "Pack it, take it apart, or import it without --scheduler.",
            )
    refused: list[SourceError] = []

    def tasks() -> Iterator[_Importing | SourceError]:
        for file in files:
            try:
                yield _Importing(str(file), _content(file), to, format_name, mapping or {}, strict)
            except SourceError as fault:
                yield fault
                return

    # Not strict: after a refused file no more are handed out.
    for file, outcome in zip(files, _spread(scheduler, tasks(), lambda: bool(refused)), strict=False):
        if isinstance(outcome, SourceError):
            refused.append(outcome)
            yield outcome
        else:
            yield Imported(file, formats.FORMATS[outcome[0]], *outcome[1:])


def _content(path: Path) -> bytes:
    from events.formats.reading import unpacked  # noqa: PLC0415

    try:
        return path.read_bytes()
    except OSError:
        with unpacked(path):  # which has the words for it
            raise


# ── on a worker ─────────────────────────────────────────────────────────────────────────────────────────────


class _Task(Protocol[_Found_co]):
    """A file and what to do with it. Its repr stands in the workers' logs: no content, no address."""

    @property
    def name(self) -> str: ...

    @property
    def content(self) -> bytes: ...

    def run(self) -> _Found_co: ...


@dataclass(frozen=True)
class _Coding:
    name: str
    content: bytes = field(repr=False)
    published: date | None
    publisher: str

    def run(self) -> "Coded":
        from events.coding import code_content  # noqa: PLC0415

        return code_content(self.name, self.content, self.published, self.publisher)


@dataclass(frozen=True)
class _Importing:
    name: str
    content: bytes = field(repr=False)
    to: str = field(repr=False)
    format_name: str
    mapping: Mapping[str, str]
    strict: bool

    def run(self) -> "tuple[str, Merged, int, pd.DataFrame, tuple[str, ...]] | SourceError":
        """Import the file: the fields of Imported, the format by its name; or why it is refused."""
        from events.importing import import_file, target  # noqa: PLC0415

        with TemporaryDirectory(prefix="contact-line-") as folder:
            path = Path(folder) / Path(self.name).name
            path.write_bytes(self.content)
            try:
                with target(self.to) as store:
                    done = import_file(store, path, self.format_name, mapping=self.mapping, strict=self.strict)
            except SourceError as fault:
                parts = (fault.what, fault.where, fault.mend)
                return SourceError(*(part.replace(str(path), self.name) for part in parts))
        return done.format.name, *done[2:]


def _run(task: _Task[_Result], asked_by: str) -> _Result:
    if asked_by != VERSION:  # it came when the others had been asked
        raise _other_version(f"a worker has version {VERSION} of contact-line", asked_by)
    return task.run()


def _other_version(what: str, wanted: str) -> SourceError:
    mend = f"Install the same on every machine: pip install 'contact-line[cluster]=={wanted}'"
    return SourceError(f"{what}, and this is {wanted}", "--scheduler", mend)


# ── here ────────────────────────────────────────────────────────────────────────────────────────────────────


def _spread(
    scheduler: str, tasks: Iterable[_Task[_Result] | SourceError], ended: Callable[[], bool] = lambda: False
) -> Generator[_Result | SourceError]:
    """The results of tasks in their order; what is a SourceError already is passed on at its place.

    Two tasks for each thread of the workers are under way, so that none waits for work and little is held anywhere.
    A task whose workers died may only have stood behind the one that killed them: it is given once more, alone. When
    this is closed, what no worker has begun is taken back; once it has `ended`, no more are given.
    """
    with _connected(scheduler) as client:
        under_way: deque[_Given[_Result] | SourceError] = deque()
        threads, looked = 0, -1.0

        def first() -> _Result | SourceError:
            given = under_way.popleft()
            if isinstance(given, SourceError):
                return given
            outcome = given.outcome()
            if isinstance(outcome, _DiedError):
                for other in under_way:
                    if isinstance(other, _Given):
                        other.wait()
                outcome = give(given.task).outcome()
            return outcome

        def give(task: _Task[_Result]) -> _Given[_Result]:
            return _Given(task, client.submit(_run, task, VERSION, pure=False), client, scheduler)

        for task in tasks:
            if isinstance(task, SourceError):
                under_way.append(task)
                continue
            if time.monotonic() - looked > LOOK_SECONDS:
                threads, looked = max(1, _threads(client, scheduler)), time.monotonic()
            while len(under_way) >= 2 * threads or (under_way and len(task.content) + _bytes(under_way) > LARGEST):
                yield first()
            if ended():
                break
            under_way.append(give(task))
        while under_way:
            yield first()


class _DiedError(SourceError):
    """Every worker that was given a task died."""


@dataclass(frozen=True)
class _Given(Generic[_Result]):
    """A task that was given to the scheduler."""

    task: _Task[_Result]
    future: "Future[_Result]"
    client: "Client"
    scheduler: str

    def outcome(self) -> _Result | SourceError:
        """The result, waited for."""
        from distributed import CancelledError, KilledWorker  # noqa: PLC0415

        self.wait()
        try:
            return self.future.result()
        except KilledWorker as fault:
            died = f"every worker that was given it died, {fault.allowed_failures + 1} of them"
            return _DiedError(died, self.task.name, "There may be too little memory: see the workers' logs.")
        except CancelledError:
            raise _lost(self.scheduler) from None

    def wait(self) -> None:
        """Wait until there is an outcome. Raises SourceError when there is no worker for long."""
        seen = time.monotonic()
        while not self.future.done():
            try:
                self.future.exception(timeout=LOOK_SECONDS)
            except TimeoutError:
                if _threads(self.client, self.scheduler):
                    seen = time.monotonic()
                elif time.monotonic() - seen > WORKER_SECONDS:
                    what = f"it has had no worker for {WORKER_SECONDS} seconds"
                    raise SourceError(what, self.scheduler, f"Start some: dask worker {self.scheduler}") from None


def _threads(client: "Client", scheduler: str) -> int:
    """How many threads all workers have together."""
    try:
        return sum(client.nthreads().values())
    except OSError:
        raise _lost(scheduler) from None


def _lost(scheduler: str) -> SourceError:
    return SourceError("the scheduler was lost", scheduler, "See its log, and do it again.")


def _bytes(under_way: Iterable[_Given[Any] | SourceError]) -> int:
    return sum(len(given.task.content) for given in under_way if isinstance(given, _Given))


@contextmanager
def _connected(address: str) -> Iterator["Client"]:
    try:
        import dask  # noqa: PLC0415
        from distributed import Client  # noqa: PLC0415
    except ImportError:
        raise SourceError(
            "Dask is not installed", "--scheduler", "Install it: pip install 'contact-line[cluster]'."
        ) from None
    for name in ("distributed", "distributed.client"):  # what goes wrong is told in a line of our own
        logging.getLogger(name).setLevel(logging.CRITICAL)
    _ask_who_is_there(address)
    # Whole files are sent on purpose; Dask would advise against it.
    with (
        dask.config.set({"distributed.admin.large-graph-warning-threshold": "1TB"}),
        Client(address, timeout=ANSWER_SECONDS, set_as_default=False) as client,
    ):
        _check_versions(client)
        yield client


def _check_versions(client: "Client") -> None:
    """Raise SourceError unless this version is installed wherever a task will be unpacked."""
    # Asked by a function of Python's own: a worker without contact-line would end at its first task.
    found = {f"the worker {where}": its for where, its in client.run(version, PACKAGE, on_error="return").items()}
    try:
        found["the scheduler"] = client.run_on_scheduler(version, PACKAGE)
    except PackageNotFoundError as fault:
        found["the scheduler"] = fault
    for where, its in found.items():
        if isinstance(its, PackageNotFoundError):
            raise _other_version(f"{where} has no contact-line", VERSION)
        if isinstance(its, str) and its != VERSION:
            raise _other_version(f"{where} has version {its} of contact-line", VERSION)


def _ask_who_is_there(address: str) -> None:
    """Raise SourceError unless a scheduler answers. (A Client would wait for ever where something else listens.)"""
    from distributed.core import rpc  # noqa: PLC0415
    from distributed.security import Security  # noqa: PLC0415

    async def ask() -> Any:
        async with rpc(address, connection_args=Security().get_connection_args("client")) as there:
            return await there.identity()

    async def ask_briefly() -> Any:
        return await asyncio.wait_for(ask(), ANSWER_SECONDS)

    mend = "An address is like tcp://192.168.1.5:8786; start one there: dask scheduler"
    try:
        with ThreadPoolExecutor(1) as aside:  # a notebook has a loop of its own running in this thread
            found = aside.submit(lambda: asyncio.run(ask_briefly())).result()["type"]
    except TimeoutError:
        what = f"no scheduler of Dask answers there within {ANSWER_SECONDS} seconds"
        raise SourceError(what, address, mend) from None
    except (OSError, ValueError, TypeError, KeyError) as fault:  # also TLS without its settings
        raise SourceError(f"no scheduler of Dask can be reached there ({said(fault)})", address, mend) from None
    if found != "Scheduler":
        raise SourceError(f"a {str(found).lower()} of Dask answers there, not a scheduler", address, mend)
