"""Sections without anything to show, as a new shop has many: heading, why, and the rest folded."""

from __future__ import annotations

from typing import Any

# What is shown where a chart, a table or a list has nothing to show: charts/tables.py.
NOTHING = ".nothing"
OUTPUT = ".output_subarea"
FOLDED = "What this section shows when there is something to show"


def fold_empty(soup: Any) -> None:
    """Fold the sections of a notebook's page in which no chart, table or list has anything to show.

    Parameters
    ----------
    soup : BeautifulSoup
        The page, without its title. Such a section keeps its heading and what it says in sentences;
        its introductions, its code and sentences that only repeat why go below a fold.
    """
    for cells in _sections(soup):
        outputs = [output for cell in cells for output in cell.select(OUTPUT)]
        empty = [output for output in outputs if output.select_one(NOTHING)]
        said = [output for output in outputs if output not in empty]
        # Sentences are short; anything else in an output is a chart, a table, a list or a print.
        if not empty or any(each.select_one("table, img, svg, ul, pre") for each in said):
            continue
        _fold(soup, cells, said or _distinct(empty))


def _sections(soup: Any) -> list[list[Any]]:
    """Return the cells of each section, from its heading to the next."""
    sections: list[list[Any]] = []
    for cell in soup.find_all("div", class_="cell", recursive=False):
        if cell.find("h2"):
            sections.append([])
        if sections:
            sections[-1].append(cell)
    return sections


def _distinct(outputs: list[Any]) -> list[Any]:
    seen: set[str] = set()
    found = []
    for output in outputs:
        text = " ".join(output.get_text(" ").split())
        if text not in seen:
            seen.add(text)
            found.append(output)
    return found


def _fold(soup: Any, cells: list[Any], shown: list[Any]) -> None:
    heading = cells[0].find("h2")
    box = soup.new_tag("section", attrs={"class": "empty"})
    cells[0].insert_before(box)
    box.append(heading.extract())
    for output in shown:
        box.append(output.extract())
    details, summary = soup.new_tag("details"), soup.new_tag("summary")
    summary.string = FOLDED
    details.append(summary)
    for cell in cells:
        details.append(cell.extract())
    box.append(details)
