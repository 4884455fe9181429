"""The command line over files and stores. Wrong input: one line on standard error, exit status 2."""

import datetime as dt
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO, NoReturn

import pandas as pd
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from events import formats
from events.citation import cite
from events.errors import SourceError
from events.filters import EventFilter, parse_filter
from events.formats import table
from events.formats.columns import parse_map
from events.formats.reading import BESIDE
from events.importing import Imported, import_file, target
from events.schema import COLUMNS, EXTRA, REJECTED, Checked
from events.sources import check_file, open_source, upgrade_tables
from events.store import EventStore

if TYPE_CHECKING:
    from events.coding import Coded

app = typer.Typer(
    help="Contact Line: armed-conflict events on a map that a person can question.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

SHOWN_REJECTS = 20
READ = tuple(name for name, f in formats.FORMATS.items() if f.read)


@contextmanager
def plain_errors() -> Iterator[None]:
    """End with one line on standard error and exit status 2 when a source cannot be used."""
    try:
        yield
    except SourceError as fault:
        refuse(str(fault))
    except BrokenPipeError:
        # Whoever read our output has had enough (`… | head`).
        sys.stderr.close()
        raise typer.Exit(0) from None


def refuse(line: str) -> NoReturn:
    """One line on standard error, exit status 2."""
    typer.echo(f"contact-line: {line}", err=True)
    raise typer.Exit(2)


Source = Annotated[
    str | None, typer.Argument(help="Nothing (the shipped events), a file, or a database URL.", show_default=False)
]
ReadFormat = Annotated[str, typer.Option("--format", help="auto · " + " · ".join(READ))]
ColumnMap = Annotated[
    str, typer.Option("--map", help="Columns of a table of your own: date=Datum,latitude=Lat.", show_default=False)
]
Scheduler = Annotated[
    str | None,
    typer.Option(
        "--scheduler", help="A Dask scheduler whose workers do the work: tcp://192.168.1.5:8786.", show_default=False
    ),
]


@app.command()
def export(
    source: Source = None,
    format_: Annotated[str, typer.Option("--format", help=" · ".join(formats.WRITTEN))] = "csv",
    output: Annotated[str, typer.Option("-o", "--output", help="A file, or - for standard output.")] = "-",
    date_from: Annotated[str | None, typer.Option("--from", help="First day, included: 2020-10-02.")] = None,
    date_to: Annotated[str | None, typer.Option("--to", help="Last day, included.")] = None,
    type_: Annotated[list[str] | None, typer.Option("--type", help="An event type; may be repeated.")] = None,
    subtype: Annotated[list[str] | None, typer.Option(help="A sub-type; may be repeated.")] = None,
    actor: Annotated[list[str] | None, typer.Option(help="On either side, by any name; may be repeated.")] = None,
    claimant: Annotated[list[str] | None, typer.Option(help="Who says so; may be repeated.")] = None,
    place: Annotated[list[str] | None, typer.Option(help="Any name, any script; may be repeated.")] = None,
    bbox: Annotated[str | None, typer.Option(help="West,south,east,north in degrees.")] = None,
    precision: Annotated[list[str] | None, typer.Option(help="1, 2, 3, unknown or none.")] = None,
    q: Annotated[str | None, typer.Option(help="Words; an event holds each of them.")] = None,
    citation: Annotated[
        bool, typer.Option("--cite", help="With its citation: in the file, or beside it as FILE.citation.json.")
    ] = False,
) -> None:
    """Write the events that match to a file or to standard output."""
    with plain_errors():
        _known_format(format_, formats.WRITTEN)
        within = formats.FORMATS[format_].write_cited is not None
        if citation and not within and output == "-":
            refuse(f"--cite: {format_} has no place for a citation; name a file (-o FILE), and it stands beside it")
        opened = open_source(source)
        store = opened.store
        given = {
            "from": date_from, "to": date_to, "type": type_, "subtype": subtype, "actor": actor,
            "claimant": claimant, "place": place, "bbox": bbox, "precision": precision, "q": q,
        }  # fmt: skip
        wanted = _filter(store, {k: [v] if isinstance(v, str) else v for k, v in given.items() if v})
        frame = store.frame(wanted, extra=True)
        store.engine.dispose()
        told = cite(frame, wanted, opened.name, dt.datetime.now(dt.UTC)) if citation else None
        with _opened(output) as out:
            formats.write(format_, frame, out, told if within else None)
        if told and not within:
            with _opened(output + BESIDE) as out:
                out.write(formats.citation_text(told))
        if lost := formats.lost(format_, frame):
            typer.echo(lost, err=True)
        if output != "-":
            typer.echo(f"{len(frame)} events → {output}", err=True)


def _known_format(name: str, known: tuple[str, ...]) -> None:
    if name not in known:
        refuse(f"--format = {name!r}: is none of {', '.join(known)}")


def _filter(store: EventStore, query: dict[str, list[str]]) -> EventFilter:
    wanted, problems = parse_filter(query, store.vocabulary())
    if problems:
        refuse("; ".join(f"--{p}" for p in problems))
    return wanted


@contextmanager
def _opened(output: str) -> Iterator[BinaryIO]:
    if output == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    try:
        with Path(output).open("wb") as file:
            yield file
    except OSError as fault:
        raise SourceError(
            f"it cannot be written ({fault.strerror})", output, "Choose a folder you may write to."
        ) from None


@app.command("import")
def import_(
    files: Annotated[list[Path], typer.Argument(help="Files of events.", show_default=False)],
    to: Annotated[str, typer.Option(help="A DuckDB file (made when there is none) or a database URL.")],
    format_: ReadFormat = "auto",
    columns: ColumnMap = "",
    strict: Annotated[bool, typer.Option("--strict", help="Refuse a file with a row that would be set aside.")] = False,
    rejects: Annotated[Path | None, typer.Option(help="A CSV of the rows set aside, with reasons.")] = None,
    scheduler: Scheduler = None,
) -> None:
    """Import files into a store: all or nothing for each file; importing one again adds nothing."""
    with plain_errors():
        _known_format(format_, ("auto", *READ))
        mapping = _mapping(columns)
        refused: list[pd.DataFrame] = []
        faults: list[str] = []
        replaced = 0
        try:
            for done in _imported(files, to, format_, mapping, strict=strict, scheduler=scheduler):
                if isinstance(done, SourceError):
                    faults.append(str(done))
                    continue
                typer.echo(_told(done), err=True)
                replaced += done.merged.replaced
                if done.rows_rejected:
                    refused.append(done.rejected.assign(file=str(done.path)))
        finally:  # also of the files before one that is refused
            if rejects is not None:
                _write_rejects(refused, rejects)
        if scheduler and replaced and len(files) > 1:
            typer.echo(UNORDERED, err=True)
        for fault in dict.fromkeys(faults):  # a database that is not there is not there for any file
            typer.echo(f"contact-line: {fault}", err=True)
        if faults:
            raise typer.Exit(2)


UNORDERED = (
    "Several files came in at once. Where two of them hold one event and neither says which is newer, the one that "
    "came in last stays; to have it as in their order, import them again without --scheduler."
)


def _imported(
    files: list[Path], to: str, format_name: str, mapping: dict[str, str], *, strict: bool, scheduler: str | None
) -> Iterator[Imported | SourceError]:
    """What became of each file, here or by the workers of a scheduler."""
    if scheduler is None:
        for file in files:
            with target(to) as store:
                done = _import_one(store, file, format_name, mapping, strict=strict)
            yield done
        return
    from events.cluster import import_files  # noqa: PLC0415

    outcomes = import_files(scheduler, files, to, format_name, mapping=mapping, strict=strict)
    with _file_bar(len(files), "importing", "rows") as advance, closing(outcomes):
        for outcome in outcomes:
            advance(0 if isinstance(outcome, SourceError) else sum(outcome.merged) + outcome.rows_rejected)
            yield outcome


def _mapping(text: str) -> dict[str, str]:
    try:
        return parse_map(text) if text else {}
    except ValueError as fault:
        refuse(f"--map = {text!r}: {fault}")


def _import_one(store: EventStore, file: Path, format_name: str, mapping: dict[str, str], *, strict: bool) -> Imported:
    """One file, with a bar of rows, rows per second and time left on a terminal; quiet in a pipe."""
    console = Console(stderr=True)
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    with bar:
        task = bar.add_task(file.name, total=_rows_guessed(file), rate="")

        def on_rows(n: int) -> None:
            bar.advance(task, n)
            speed = bar.tasks[0].speed
            bar.update(task, rate=f"{speed:,.0f} rows/s" if speed else "")

        return import_file(store, file, format_name, mapping=mapping, strict=strict, on_rows=on_rows)


def _rows_guessed(file: Path) -> int | None:
    """About how many rows a plain table holds, by the length of its first lines; None where it cannot be told."""
    try:
        with file.open("rb") as opened:
            head = opened.read(200_000)
        lines = head.count(b"\n")
        return round(file.stat().st_size / len(head) * lines) if lines > 10 and b"\x00" not in head else None
    except OSError:
        return None


def _told(done: Imported) -> str:
    added, replaced, same = done.merged
    parts = [f"{added:,} added"]
    if replaced:
        parts.append(f"{replaced:,} replaced by a newer version")
    if same:
        parts.append(f"{same:,} there already")
    if done.rows_rejected:
        parts.append(f"{done.rows_rejected:,} set aside (contact-line check {done.path})")
    return f"{done.path.name} ({done.format.title}): {', '.join(parts)}"


def _write_rejects(refused: list[pd.DataFrame], path: Path) -> None:
    columns = [*REJECTED, "file"]
    whole = pd.concat(refused, ignore_index=True)[columns] if refused else pd.DataFrame(columns=columns, dtype="str")
    with _opened(str(path)) as out:
        table.write_text(whole.astype("str"), out)


@app.command()
def upgrade(
    source: Annotated[str, typer.Argument(help="A DuckDB file or a database URL.", show_default=False)],
) -> None:
    """Bring the tables of a database to this program's version; nothing is lost. An import does the same first."""
    with plain_errors():
        typer.echo(f"The tables are of version {upgrade_tables(source)}.", err=True)


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="A file of events.", show_default=False)],
    format_: ReadFormat = "auto",
    columns: ColumnMap = "",
) -> None:
    """Tell what a file is, what of it would load, and what would be set aside and why. Status 1 if any is."""
    with plain_errors():
        _known_format(format_, ("auto", *READ))
        found, checked, notes = check_file(file, format_, _mapping(columns))
        _tell(found.title, checked, notes, formats.citation_of(file))
        if checked.rows_rejected:
            raise typer.Exit(1)


def _tell(format_title: str, checked: Checked, notes: tuple[str, ...], citation: formats.Citation | None) -> None:
    out = Console(soft_wrap=True, highlight=False)
    good, days = checked.accepted, checked.accepted["event_date"]
    placed = int(good["latitude"].notna().sum())
    out.print(f"Format    {format_title}")
    out.print(f"Rows      {len(good) + checked.rows_rejected}: {len(good)} load, {checked.rows_rejected} set aside")
    if len(good):
        out.print(f"Days      {days.min().date()} to {good['event_end'].max().date()}")
        out.print(f"Placed    {placed}, without a place {len(good) - placed}")
    if citation is not None:
        rows, source, at = (_cell(str(citation.get(key, "?"))[:80]) for key in ("rows", "source", "accessed"))
        out.print(f"Cited     {rows} events from {source}, {at}")
    for n, note in enumerate(notes):
        out.print(("Mapped    " if n == 0 else "          ") + _cell(note))
    lost = f"columns {', '.join(checked.unknown_columns)}" if checked.unknown_columns else "nothing"
    kept = EXTRA in good and bool((good[EXTRA] != "").any())
    beside = "; fields that the table has no column for are kept beside it, and go out again" if kept else ""
    out.print("Lost      " + _cell(lost) + beside)
    if len(checked.rejected):
        listed = Table("row", "event_id", "field", "value", "reason", title="Set aside", title_justify="left")
        for row in checked.rejected.head(SHOWN_REJECTS).itertuples(index=False):
            listed.add_row(*(_cell(v) for v in row))
        out.print(listed)
        if (more := len(checked.rejected) - SHOWN_REJECTS) > 0:
            out.print(f"… and {more} more reasons")


def _cell(value: object) -> str:
    # What a file holds is text: no markup, no control codes for the terminal.
    text = "".join(c if c.isprintable() else "�" for c in str(value))
    return text.replace("[", "\\[")


@app.command()
def template(
    output: Annotated[str, typer.Option("-o", "--output", help="A file, or - for standard output.")] = "-",
) -> None:
    """Write an empty table with this project's columns, and tell what each holds."""
    with plain_errors(), _opened(output) as out:
        out.write((",".join(c.name for c in COLUMNS) + "\n").encode())
    told = Table("column", "holds", "meaning", title="Columns", title_justify="left")
    for column in COLUMNS:
        told.add_row(column.name, column.kind + (", needed" if column.required else ""), column.about)
    Console(stderr=True).print(told)


@app.command()
def code(
    files: Annotated[
        list[str],
        typer.Argument(
            help="Live feeds and articles as text or saved pages; folders; - for standard input.", show_default=False
        ),
    ],
    published: Annotated[
        str | None, typer.Option(help="The day of sources that do not say their own: 2020-10-07.", show_default=False)
    ] = None,
    publisher: Annotated[
        str, typer.Option(help="Whose they are, where not as their pages say.", show_default=False)
    ] = "",
    format_: Annotated[str, typer.Option("--format", help=" · ".join(formats.WRITTEN))] = "csv",
    output: Annotated[str, typer.Option("-o", "--output", help="A file, or - for standard output.")] = "-",
    jobs: Annotated[
        int | None,
        typer.Option(help="Processes at once; else one a core, where it is worth it.", min=1, show_default=False),
    ] = None,
    scheduler: Scheduler = None,
) -> None:
    """Code the reports of live feeds and articles as events, for a person to check."""
    # The coder's dictionaries are for this command alone; the page's workers must stay light.
    from events.coding import Gathered, code_files, find_files  # noqa: PLC0415

    with plain_errors():
        _known_format(format_, formats.WRITTEN)
        day = _day("--published", published)
        names = find_files(files)
        if output != "-" and not Path(output).absolute().parent.is_dir():  # before the work, not after it
            raise SourceError("there is no such folder", output, "Choose one that there is.")
        if scheduler is None:
            results = code_files(names, day, publisher, jobs)
        elif jobs is None:
            from events import cluster  # noqa: PLC0415

            results = cluster.code_files(scheduler, names, day, publisher)
        else:
            refuse("--jobs: with --scheduler, its workers say how many there are; leave one of them out")
        gathered = Gathered()
        done: list[Coded] = []
        faults: list[str] = []
        with _file_bar(len(names), "coding", "reports") as advance, closing(results):
            for coded in results:
                gathered.add(coded)
                done.append(replace(coded, events=(), digests=()))
                faults += [coded.fault] if coded.fault else []
                if coded.undated and day is None:
                    faults.append(_undated(coded))
                advance(coded.reports)
        whole = gathered.table()
        if len(whole.accepted) or not faults:
            with _opened(output) as out:
                formats.write(format_, whole.accepted, out)
            typer.echo(
                _counted(done, len(whole.accepted), gathered.told_before, whole.set_aside, whole.reasons), err=True
            )
        for fault in faults:
            typer.echo(f"contact-line: {fault}", err=True)
        if faults:
            raise typer.Exit(2)


def _day(option: str, text: str | None) -> dt.date | None:
    try:
        return None if text is None else dt.date.fromisoformat(text)
    except ValueError:
        refuse(f"{option} = {text!r}: is not a day like 2020-10-02")


@contextmanager
def _file_bar(total: int, doing: str, unit: str) -> Iterator[Callable[[int], None]]:
    """A bar of files, reports or rows per second and time left on a terminal; quiet in a pipe."""
    console = Console(stderr=True)
    bar = Progress(
        TextColumn(doing),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    units, begun = 0, time.monotonic()
    with bar:
        task = bar.add_task("", total=total, rate="")

        def advance(n: int) -> None:
            nonlocal units
            units += n
            bar.update(task, advance=1, rate=f"{units / max(time.monotonic() - begun, 0.001):,.0f} {unit}/s")

        yield advance


def _undated(coded: "Coded") -> str:
    many = "none" if coded.undated == coded.reports else f"only {coded.reports - coded.undated:,}"
    return (
        f"{'standard input' if coded.name == '-' else coded.name}: {many} of its {coded.reports:,} reports "
        f"{'tells' if coded.reports - coded.undated < 2 else 'tell'} its day. "
        "Say on which day it was published: --published 2020-10-07"
    )


def _counted(done: "list[Coded]", events: int, told_before: int, set_aside: int, reasons: tuple[str, ...]) -> str:
    counts = (
        (len(done), "file", "files"),
        (sum(coded.reports for coded in done), "report", "reports"),
        (events, "event", "events"),
        (told_before, "told by an earlier file, too", "told by an earlier file, too"),
        (sum(coded.left_out for coded in done), "line left out", "lines left out"),
        (sum(coded.undated for coded in done), "report without a day", "reports without a day"),
        (sum(coded.doubts for coded in done), "doubt", "doubts"),
    )
    told = [f"{count:,} {one if count == 1 else many}" for count, one, many in counts if count or one == "event"]
    if set_aside:
        told.append(f"{set_aside:,} set aside ({'; '.join(reasons[:3])})")
    return ", ".join(told)
