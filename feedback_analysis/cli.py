"""The command line: check a shop, make its report, list its cases, purge it, write a sample."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Annotated

import typer

from feedback_analysis import __version__
from feedback_analysis.aside import locked
from feedback_analysis.cli_tables import (
    clean,
    console,
    show_ledger,
    show_missing,
    show_set_aside,
    show_sum,
)
from feedback_analysis.errors import ReportError, did_you_mean

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
INTERRUPTED = 130
_INTERRUPTED = "Interrupted; an earlier report stays as it was."

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

        with at_work(shop_folder(shop)):
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
    quotes: Annotated[
        str,
        typer.Option(
            metavar="masked|none", help="Comments without personal data, or no comment at all."
        ),
    ] = "masked",
    pdf: Annotated[
        bool, typer.Option("--pdf", help="Print it to PDF too, with an installed Chromium.")
    ] = False,
) -> None:
    """Make the report of a month or a week."""
    with plain_errors():
        from feedback_analysis.quotes import CHOICES
        from feedback_analysis.report import build_report
        from feedback_analysis.report.pdf import find_browser, write_pdf

        if quotes not in CHOICES:
            raise typer.BadParameter(f"--quotes is {' or '.join(CHOICES)}")
        # Better told now than after the notebooks have run.
        browser = find_browser() if pdf else None
        with at_work(shop_folder(shop)):
            index = build_report(
                shop_folder(shop),
                period=period,
                output=output,
                workers=workers,
                notebooks=notebooks,
                snapshot="newest" if as_kept else None,
                quotes=quotes,
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
        from feedback_analysis.cli_purge import stated_day
        from feedback_analysis.report.case_work import write_cases

        if out is None:
            raise typer.BadParameter("say where to: --out cases.xlsx")
        day = stated_day(today, "--today", such_as="2026-10-31")
        with at_work(shop_folder(shop)):
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
    workers: Annotated[
        int | None,
        typer.Option(min=1, help="Processes that label.", show_default="one a core, if many rows"),
    ] = None,
) -> None:
    """Label the comments of a CSV file with questions and causes."""
    with plain_errors():
        from feedback_analysis.causes.files import label_file

        made = label_file(
            source,
            out,
            taxonomy=taxonomy,
            corrections=corrections,
            encoder=encoder,
            workers=workers,
        )
        say(made.text)
        say(f"Labelled: {near(out)}")


@app.command()
def purge(
    shop: ShopFolder = None,
    order_id: Annotated[
        str | None, typer.Option("--order-id", metavar="ID", help="The order whose buyer asked.")
    ] = None,
    before: Annotated[
        str | None, typer.Option(metavar="DAY", help="Or everything before a day.")
    ] = None,
    downloads: Annotated[
        bool, typer.Option("--downloads", help="Take it out of the files in amazon/ too.")
    ] = False,
    also: Annotated[
        list[Path] | None,
        typer.Option(metavar="PATH", help="A further report, list or folder; may be repeated."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be removed.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Remove a buyer's data wherever the product kept it, and prove it."""
    with plain_errors("Interrupted. What was removed is gone; the same command removes the rest."):
        from feedback_analysis.cli_purge import purge_and_tell

        if (order_id is None) == (before is None):
            raise typer.BadParameter("say what: --order-id ID, or --before DAY")
        lines, clean_now = purge_and_tell(
            shop_folder(shop), order_id=order_id, before=before, downloads=downloads,
            also=also or [], dry_run=dry_run, yes=yes,
        )  # fmt: skip
        for line in lines:
            say(line)
        if not clean_now:
            raise typer.Exit(1)


@app.command()
def audit(
    shop: ShopFolder = None,
    rows: Annotated[int, typer.Option(min=10, help="Comments to draw.")] = 200,
) -> None:
    """Draw comments for a person to label, then score the labelling."""
    with plain_errors():
        from feedback_analysis.amazon.folder import read_folder
        from feedback_analysis.causes.audit import audit_shop
        from feedback_analysis.service import CORRECTIONS, taxonomy_of

        with at_work(shop_folder(shop)):
            read = read_folder(shop_folder(shop))
            told = read.folder / CORRECTIONS
            made = audit_shop(
                read.feedback,
                read.folder,
                rows=rows,
                taxonomy=taxonomy_of(read),
                corrections=told if told.is_file() else None,
            )
        say(made.text)


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
    except OSError as error:
        # What a command writes is looked after by itself; this is the help on a full disk.
        with suppress(OSError):
            say(error.strerror or str(error), error=True)
        sys.exit(1)
    finally:
        # What could not be written would be tried once more at the end, and end otherwise.
        if sys.stdout is not None:  # closed from the beginning
            try:
                sys.stdout.flush()
            except OSError:
                _write_no_more()


def _write_no_more() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextmanager
def plain_errors(interrupted: str = _INTERRUPTED) -> Iterator[None]:
    """Turn everything a user can cause into a message and an exit code."""
    try:
        yield
    except ReportError as error:
        say(str(error), error=True)
        raise typer.Exit(1) from None
    except BrokenPipeError:
        # The reader of our output went away (`| head`); nothing is wrong.
        _write_no_more()
        raise typer.Exit(1) from None
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        say(f"{place}{error.strerror or error}", error=True)
        if error.errno == errno.ENOSPC:
            say("  What to do: make room on the disk, and run the command again", error=True)
        raise typer.Exit(1) from None
    except MemoryError:
        say("The memory of this computer does not suffice for these files.", error=True)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        say(interrupted, error=True)
        raise typer.Exit(INTERRUPTED) from None
    except ImportError as error:
        # A part that is written in C says so of an interrupt while it is loaded.
        if not isinstance(error.__cause__ or error.__context__, KeyboardInterrupt):
            raise
        say(interrupted, error=True)
        raise typer.Exit(INTERRUPTED) from None


def shop_folder(given: Path | None) -> Path:
    """Return the shop's folder: the given one, or the sample in this folder or the checkout."""
    if given is not None:
        return given
    here = Path("data/sample")
    return here if here.is_dir() else Path(__file__).resolve().parents[1] / here


def at_work(folder: Path) -> AbstractContextManager[None]:
    """Keep a purge from this shop meanwhile; other commands may be at work on it too."""
    return locked(folder, shared=True, busy="a purge is at work on this shop")


def near(path: Path) -> str:
    """Return a path from the current folder on, if it lies below it."""
    path = path.absolute()
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)


def say(text: str, *, error: bool = False) -> None:
    """Write a text to stdout, or to stderr."""
    typer.echo(clean(text), err=error)
