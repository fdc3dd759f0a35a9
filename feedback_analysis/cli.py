"""The command line: check a shop's folder, make its report, list its cases, write a sample."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from feedback_analysis import __version__
from feedback_analysis.errors import ReportError, did_you_mean

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
INTERRUPTED = 130
# Where a table goes to a file or another program, no column is cut short.
WIDE = 180
# Below this width the ledger leaves out what the others imply.
NARROW = 110
# A ledger of more files than this is gathered, and this many of one kind still stand alone.
LONG, ALONE = 40, 2

ShopFolder = Annotated[
    Path | None,
    typer.Argument(
        metavar="SHOP", help="The shop's folder: shop.toml and amazon/.", show_default="data/sample"
    ),
]


def show_version(wanted: bool) -> None:
    """Write the version and stop."""
    if wanted:
        say(f"feedback_analysis {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Show the version and stop.", is_eager=True, callback=show_version
        ),
    ] = False,
) -> None:
    """Reads the files an Amazon seller downloads and makes one report on feedback and service."""


@app.command()
def check(
    shop: ShopFolder = None,
    every: Annotated[
        bool, typer.Option("--all", help="A line for every file, however many there are.")
    ] = False,
) -> None:
    """Say what every file in the shop's folder is, and what is missing."""
    with plain_errors():
        from feedback_analysis.amazon.folder import inspect_folder

        inspection = inspect_folder(shop_folder(shop))
        out = console()
        show_ledger(out, inspection.shop, every=every)
        show_set_aside(out, inspection.shop.set_aside)
        show_missing(out, inspection.shop.missing)
        show_sum(out, inspection)
        if inspection.problems:
            for number, problem in enumerate(inspection.problems, 1):
                say(f"\n{number}. {problem}", error=True)
            raise typer.Exit(1)


@app.command()
def report(
    shop: ShopFolder = None,
    period: Annotated[
        str | None,
        typer.Option(
            metavar="PERIOD",
            help="A month (2026-10) or a week (2026-W42).",
            show_default="the latest whole month of the data",
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(help="Folder of the report.", show_default="reports/<shop>/<period>"),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(min=1, help="Notebooks run at once.", show_default="as many as cores"),
    ] = None,
    notebooks: Annotated[
        Path | None,
        typer.Option(help="Folder of the notebooks.", show_default="the package's own"),
    ] = None,
    as_kept: Annotated[
        bool,
        typer.Option("--as-kept", help="From what was read for that period's last report."),
    ] = False,
    pdf: Annotated[
        bool, typer.Option("--pdf", help="Print it to PDF too, with an installed Chromium.")
    ] = False,
) -> None:
    """Make the report of a month or a week."""
    with plain_errors():
        from feedback_analysis.report import build_report
        from feedback_analysis.report.pdf import find_browser, write_pdf

        # Better told now than after the notebooks have run.
        browser = find_browser() if pdf else None
        index = build_report(
            shop_folder(shop),
            period=period,
            output=output,
            workers=workers,
            notebooks=notebooks,
            snapshot="newest" if as_kept else None,
        )
        say(f"Report: {near(index)}")
        single = index.with_name("report.html")
        say(f"In one file, for mailing: {near(single)}")
        if browser:
            say(f"For print: {near(write_pdf(single, browser=browser))}")


@app.command()
def cases(
    shop: ShopFolder = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The list: .xlsx or .csv. What is in it stays."),
    ] = None,
    today: Annotated[
        str | None,
        typer.Option(
            metavar="DAY", help="Count from this day.", show_default="the last day of the files"
        ),
    ] = None,
) -> None:
    """Write the list of cases to work through, with the real order ids."""
    with plain_errors():
        from datetime import date

        from feedback_analysis.report.case_work import write_cases

        if out is None:
            raise typer.BadParameter("say where to: --out cases.xlsx")
        try:
            day = None if today is None else date.fromisoformat(today)
        except ValueError:
            raise typer.BadParameter("--today is a day such as 2026-10-31") from None
        done = write_cases(shop_folder(shop), out, today=day)
        say(f"Cases: {near(done.path)}, for your own eyes only: it holds real order ids")
        for line in done.notes:
            say(line)
        for line in done.conflicts:
            say(line, error=True)


@app.command()
def sample(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new folder.")],
    seed: Annotated[int, typer.Option(min=0, help="Which shop is drawn.")] = 2026,
    scale: Annotated[
        float, typer.Option(help="Size; 1 is about 40,000 orders and 4,300 feedbacks.")
    ] = 1.0,
    only: Annotated[
        list[str] | None,
        typer.Option(metavar="KIND", help="Write only such files; may be given more than once."),
    ] = None,
) -> None:
    """Write a sample shop of any size."""
    with plain_errors():
        from feedback_analysis.sample import KINDS, write_sample

        kinds = [kind for word in only or [] for kind in word.split(",") if kind]
        for kind in kinds:
            if kind not in KINDS:
                hint = did_you_mean(kind, KINDS) or f" Known: {', '.join(KINDS)}."
                raise typer.BadParameter(f"'{kind}' is no kind of file.{hint}")
        # Fewer than six product families make no shop.
        if not 0.05 <= scale <= 1e6:
            raise typer.BadParameter("--scale must be at least 0.05 and at most a million.")
        try:
            made = write_sample(folder, seed=seed, scale=scale, only=kinds or None)
        except ValueError as error:
            raise ReportError(str(error)) from None
        say(f"Sample shop: {near(made)}")


@app.command()
def label(
    source: Annotated[Path, typer.Argument(metavar="IN.csv", help="Has a column 'comment'.")],
    out: Annotated[Path, typer.Option("--out", metavar="OUT.csv", help="The labelled file.")],
    taxonomy: Annotated[
        Path | None,
        typer.Option(metavar="FILE.toml", help="Causes of your own.", show_default="ours"),
    ] = None,
    corrections: Annotated[
        Path | None, typer.Option(metavar="FILE.csv", help="Comments that people labelled.")
    ] = None,
    encoder: Annotated[
        str, typer.Option(help="Sentence vectors: auto, use or none (words alone).")
    ] = "auto",
) -> None:
    """Label the comments of a CSV file with questions and causes."""
    with plain_errors():
        from feedback_analysis.causes.files import label_file

        made = label_file(source, out, taxonomy=taxonomy, corrections=corrections, encoder=encoder)
        say(made.text)
        say(f"Labelled: {near(out)}")


@app.command()
def audit(
    shop: ShopFolder = None,
    rows: Annotated[int, typer.Option(min=10, help="Comments to draw.")] = 200,
) -> None:
    """Draw comments for a person to label, then score the labelling."""
    with plain_errors():
        from feedback_analysis.amazon.folder import read_folder
        from feedback_analysis.causes.audit import audit_shop

        read = read_folder(shop_folder(shop))
        say(audit_shop(read.feedback, read.folder, rows=rows).text)


def main() -> None:
    """Run the command line; what the command ``feedback-analysis`` calls."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a letter must not end the run.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        app(prog_name="feedback-analysis")
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turn everything a user can cause into a message and an exit code."""
    try:
        yield
    except ReportError as error:
        say(str(error), error=True)
        raise typer.Exit(1) from None
    except BrokenPipeError:
        # The reader of our output went away (`| head`); nothing is wrong.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(1) from None
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        say(f"{place}{error.strerror or error}", error=True)
        raise typer.Exit(1) from None
    except MemoryError:
        say("The memory of this computer does not suffice for these files.", error=True)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        say("Interrupted; an earlier report stays as it was.", error=True)
        raise typer.Exit(INTERRUPTED) from None


def shop_folder(given: Path | None) -> Path:
    """Return the shop's folder: the given one, or the sample in this folder or the checkout."""
    if given is not None:
        return given
    here = Path("data/sample")
    return here if here.is_dir() else Path(__file__).resolve().parents[1] / here


def near(path: Path) -> str:
    """Return a path from the current folder on, if it lies below it."""
    path = path.absolute()
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)


def clean(text: Any) -> str:
    """Return a text that cannot steer a terminal: file names may hold anything."""
    return "".join(
        letter
        if letter.isprintable() or letter in "\n\N{NO-BREAK SPACE}"
        else "\N{REPLACEMENT CHARACTER}"
        for letter in str(text)
    )


def console(*, error: bool = False) -> Console:
    """Return a console that adds no markup of its own to what it is given."""
    made = Console(stderr=error, highlight=False, markup=False, emoji=False)
    if not made.is_terminal and "COLUMNS" not in os.environ:
        made.width = WIDE
    return made


def say(text: str, *, error: bool = False) -> None:
    """Write a text to stdout, or to stderr."""
    typer.echo(clean(text), err=error)


def gathered(ledger: Any) -> list[dict[str, Any]]:
    """Return the ledger's rows with files of one kind, marketplace and remark in one row.

    A file with rows set aside keeps a row of its own: it wants to be read.
    """
    whole = (ledger["rows_set_aside"] == 0).fillna(False)
    rows = ledger[~whole].to_dict("records")
    # Remarks that differ in their numbers only are one remark.
    remark = ledger["note"].fillna("").str.replace(r"\d+", "#", regex=True)
    kinds = [ledger["report"], ledger["marketplace"], remark]
    for _, part in ledger[whole].groupby([kind[whole] for kind in kinds], dropna=False, sort=False):
        if len(part) <= ALONE:
            rows += part.to_dict("records")
            continue
        counts = ("rows_read", "rows_kept", "rows_set_aside")
        first, encodings = part.iloc[0].to_dict(), part["encoding"].unique()
        notes = part["note"].fillna("").unique()
        rows.append(
            {
                **first,
                "file": f"{os.path.commonpath(list(part['file']))}/{len(part):,} files",
                "start": part["start"].min(),
                "end": part["end"].max(),
                "encoding": encodings[0] if len(encodings) == 1 else "several",
                "note": notes[0] if len(notes) == 1 else f"such as: {notes[0]}",
                **{name: int(part[name].sum()) for name in counts},
            }
        )
    return sorted(rows, key=lambda row: str(row["file"]))


def show_ledger(out: Console, shop: Any, *, every: bool) -> None:
    """Write the ledger as a table grouped by folder; a long one gathers ordinary files."""
    wide = out.width >= NARROW
    whole = every or len(shop.ledger) <= LONG
    title = "every file" if whole else "what was read (--all shows every file)"
    table = Table(
        title=clean(f"{shop.settings.name}: {title}"),
        title_justify="left",
        box=None,
        expand=True,
    )
    table.add_column("File", overflow="fold", ratio=1)
    table.add_column("What it is", overflow="fold", max_width=24 if wide else 18)
    table.add_column("Days", overflow="fold", width=24 if wide else 13)
    if wide:
        table.add_column("Encoding", no_wrap=True)
        table.add_column("Read", justify="right", no_wrap=True)
    for name in ("Kept", "Aside"):
        table.add_column(name, justify="right", no_wrap=True)
    folder = ""
    for row in shop.ledger.to_dict("records") if whole else gathered(shop.ledger):
        above, _, name = cell(row["file"]).rpartition("/")
        if above != folder:
            table.add_row(Text(f"{above}/" if above else "", style="bold"))
            folder = above
        lines = [Text(f"  {name}" if above else name)]
        if note := cell(row["note"]):
            lines.append(Padding(Text(note, style="dim"), (0, 0, 0, 4)))
        what = ", ".join(filter(None, (cell(row["report"]), cell(row["marketplace"]))))
        rows = [cell(row[count]) for count in ("rows_read", "rows_kept", "rows_set_aside")]
        details = [cell(row["encoding"]), *rows] if wide else rows[1:]
        table.add_row(Group(*lines), what, span(row["start"], row["end"]), *details)
    out.print(table)


def show_set_aside(out: Console, rows: Any) -> None:
    """Write what was set aside: file, reason, how many rows and which lines."""
    if rows.empty:
        return
    table = Table(title="Rows set aside", title_justify="left", box=None)
    for name in ("File", "Reason"):
        table.add_column(name, overflow="fold")
    table.add_column("Rows", justify="right")
    table.add_column("Lines", overflow="fold")
    for row in rows.to_dict("records"):
        table.add_row(*(cell(row[name]) for name in ("file", "reason", "rows", "lines")))
    out.print()
    out.print(table)


def show_missing(out: Console, rows: Any) -> None:
    """Write what was not found, what that costs and where to get it."""
    if rows.empty:
        return
    table = Table(title="What is missing", title_justify="left", box=None)
    for name in ("What", "What it costs", "What to do"):
        table.add_column(name, overflow="fold")
    for row in rows.to_dict("records"):
        table.add_row(*(cell(row[name]) for name in ("what", "cost", "remedy")))
    out.print()
    out.print(table)


def show_sum(out: Console, inspection: Any) -> None:
    """Write the sum of the ledger."""
    counted = inspection.shop.ledger.dropna(subset=["rows_read"])
    read, kept, aside = (
        int(counted[name].sum()) for name in ("rows_read", "rows_kept", "rows_set_aside")
    )
    files = f"{len(counted):,} file{'' if len(counted) == 1 else 's'}"
    text = f"{files}: {read:,} rows read = {kept:,} kept + {aside:,} set aside."
    if problems := len(inspection.problems):
        text += f" {problems:,} {'file' if problems == 1 else 'files'} cannot be used:"
    out.print()
    out.print(text, soft_wrap=True)


def cell(value: Any) -> str:
    """Return a table's cell; a missing value is empty."""
    if value is None or value != value or str(value) == "<NA>":
        return ""
    return clean(f"{value:,}" if isinstance(value, int) else value)


def span(start: Any, end: Any) -> str:
    """Return two days as one text."""
    days = [f"{day:%Y-%m-%d}" for day in (start, end) if day == day and day is not None]
    return " to ".join(dict.fromkeys(days))
