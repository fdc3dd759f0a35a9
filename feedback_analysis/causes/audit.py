"""The audit: a person labels a random sample, and what the labeller gets wrong is measured."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import numpy as np
import pandas as pd

from feedback_analysis.causes.corrections import ids_of, plain, read_rows
from feedback_analysis.causes.label import Labelling, labelling
from feedback_analysis.causes.language import guesser
from feedback_analysis.causes.measures import Pairs, agrees_by_chance, scored
from feedback_analysis.causes.taxonomy import Taxonomy
from feedback_analysis.errors import ReportError
from feedback_analysis.formulas import harmless
from feedback_analysis.privacy import write_private
from feedback_analysis.results import Result
from feedback_analysis.texts import several

FOLDER, SAMPLE, SCORE = "audit", "sample.csv", "score.json"
COLUMNS = ("number", "date", "marketplace", "rating", "language", "comment", "weight", "causes")
# Below this many labelled rows nothing is scored.
LEAST = 10
# Below this many an audit is scored and used, and said to be thin.
THIN = 50


@dataclass(frozen=True)
class Audit(Result):
    """What an audit came to.

    Attributes
    ----------
    text : str
        In words, with what to do next.
    table : DataFrame
        One row a measure and group: level, group, n, measure, value, low, high. No rows while
        there is nothing to score.
    """

    text: str
    table: pd.DataFrame


def audit_shop(
    feedback: pd.DataFrame,
    folder: str | Path,
    *,
    rows: int = 200,
    taxonomy: object = None,
    corrections: object = None,
    encoder: str = "auto",
) -> Audit:
    """Draw comments to label, or score the labelling by those that a person has labelled.

    Parameters
    ----------
    feedback : DataFrame
        date, marketplace, rating, comment.
    folder : str or Path
        The shop's folder; the sample lies in ``.private/audit`` there.
    rows : int, default=200
        Comments to draw.
    taxonomy, corrections, encoder
        As :func:`label_comments` takes them. Corrected comments are not drawn: a person's word
        would be scored against itself.

    Returns
    -------
    Audit

    Raises
    ------
    ReportError
        If there is no comment to draw, or the sample holds an id that is none.
    """
    place = Path(folder) / ".private" / FOLDER
    path = place / SAMPLE
    texts = feedback["comment"].fillna("").map(plain)
    made = labelling(taxonomy, corrections, encoder=encoder, comments=texts)
    if not path.is_file():
        drawn = _drawn(feedback.assign(comment=texts), made, rows)
        write_private(path, _as_csv(drawn))
        return Audit(
            f"{several(len(drawn), 'comment is', 'comments are')} drawn: {path}\n"
            "Fill in the column causes (ids joined by ;, see the list below) without looking at "
            "the report, then run audit again.\n" + ", ".join(made.taxonomy.ids),
            _empty(),
        )
    labelled = _labelled(path, made.taxonomy)
    if len(labelled) < LEAST:
        return Audit(
            f"{several(len(labelled), 'comment')} of {path} "
            f"{'has' if len(labelled) == 1 else 'have'} causes; at least {LEAST} are needed.",
            _empty(),
        )
    pairs = _pairs(labelled, made)
    table = scored(pairs, made.taxonomy)
    write_private(place / SCORE, _stored(pairs, table))
    return Audit(_words(table, len(labelled)), table)


def _drawn(feedback: pd.DataFrame, made: Labelling, rows: int) -> pd.DataFrame:
    """Draw at random within what the labeller says: rare causes are seen too, and weighed back."""
    open_ = (feedback["rating"] <= 3) & (feedback["comment"] != "")
    said = made.corrections.by_comment
    left = feedback[open_ & ~feedback["comment"].isin(list(said))].drop_duplicates("comment")
    if left.empty:
        raise ReportError(
            "there is no comment to draw",
            remedy="put the feedback report with its comments into the shop's folder",
        )
    answers = made(left["comment"].tolist())
    stratum = pd.Series([answer[1][0] for answer in answers], index=left.index)
    # By the text's own hash: the same sample whatever the order of the rows.
    luck = left["comment"].map(lambda text: blake2b(text.encode(), digest_size=8).hexdigest())
    sizes = stratum.value_counts().sort_index()
    wanted = np.sqrt(sizes) / np.sqrt(sizes).sum() * rows
    parts = []
    for cause, size in sizes.items():
        take = int(min(size, max(1, round(wanted[cause]))))
        chosen = luck[stratum == cause].sort_values().index[:take]
        parts.append(left.loc[chosen].assign(weight=size / take))
    drawn = pd.concat(parts)
    drawn = drawn.loc[luck[drawn.index].sort_values().index]
    return drawn.assign(
        number=range(1, len(drawn) + 1), language=guesser()(drawn["comment"].tolist()), causes=""
    )[list(COLUMNS)]


def _as_csv(drawn: pd.DataFrame) -> bytes:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in drawn.assign(date=drawn["date"].astype(str).str[:10]).to_dict("records"):
        row["weight"] = f"{row['weight']:.4f}"
        # A spreadsheet would take some comments for formulas; they are read back as they were.
        row["comment"] = harmless(row["comment"])
        writer.writerow([row[name] for name in COLUMNS])
    # With a mark at its beginning, without which spreadsheets misread letters.
    return file.getvalue().encode("utf-8-sig")


def _labelled(path: Path, taxonomy: Taxonomy) -> list[dict]:
    found = []
    for line, row in read_rows(path):
        causes = taxonomy.known(ids_of(row), file=path, line=line, column="causes")
        if causes:
            try:
                weight = float(row.get("weight") or 1)
            except ValueError:
                raise ReportError(
                    "the weight is no number", file=path, line=line, column="weight"
                ) from None
            found.append(
                {"comment": plain(row.get("comment", "")), "causes": causes, "weight": weight}
            )
    return found


def _pairs(labelled: list[dict], made: Labelling) -> Pairs:
    comments = [row["comment"] for row in labelled]
    found = made.labeller.label(comments)
    return Pairs(
        true=[row["causes"] for row in labelled],
        found=[answer[1] for answer in found],
        language=guesser()(comments),
        weight=np.array([row["weight"] for row in labelled]),
    )


def _stored(pairs: Pairs, table: pd.DataFrame) -> bytes:
    held = {
        "pairs": [
            {"true": list(true), "found": list(found), "language": language, "weight": weight}
            for true, found, language, weight in zip(
                pairs.true, pairs.found, pairs.language, pairs.weight.tolist(), strict=True
            )
        ],
        "table": json.loads(table.to_json(orient="records", double_precision=6)),
    }
    return (json.dumps(held, ensure_ascii=False, indent=1) + "\n").encode()


def read_audit(folder: str | Path) -> Pairs | None:
    """Return what the last audit of a shop found; None when there was none.

    Parameters
    ----------
    folder : str or Path
        The shop's folder.

    Returns
    -------
    Pairs or None
    """
    path = Path(folder) / ".private" / FOLDER / SCORE
    if not path.is_file():
        return None
    try:
        rows = json.loads(path.read_bytes())["pairs"]
        return Pairs(
            true=[tuple(row["true"]) for row in rows],
            found=[tuple(row["found"]) for row in rows],
            language=[row["language"] for row in rows],
            weight=np.array([float(row["weight"]) for row in rows]),
        )
    except (ValueError, KeyError, TypeError):
        raise ReportError(
            "the kept audit cannot be read", file=path, remedy="run audit again"
        ) from None


def doubt_of(pairs: Pairs, taxonomy: Taxonomy) -> str:
    """Say shortly what speaks against an audit that rates are corrected by.

    Parameters
    ----------
    pairs : Pairs
        What :func:`read_audit` returns.
    taxonomy : Taxonomy
        Of its causes.

    Returns
    -------
    str
        A sentence; empty where nothing does.
    """
    if agrees_by_chance(pairs, taxonomy):
        return (
            "In that audit causes and labels may agree by chance alone, so do not trust the "
            f"corrected numbers before you have looked through its {SAMPLE} once more."
        )
    if len(pairs.true) < THIN:
        return f"That is a thin audit: label more of its {SAMPLE}, and the intervals get narrower."
    return ""


def _words(table: pd.DataFrame, n: int) -> str:
    whole = table[(table["level"] == "question") & (table["group"] == "all")]
    if whole.empty:
        whole = table[(table["level"] == "cause") & (table["group"] == "all")]
    parts = [
        f"{row.measure} {row.value:z.2f} ({row.low:z.2f} to {row.high:z.2f})"
        for row in whole.itertuples()
    ]
    said = f"{n:,} comments labelled by hand, {whole['level'].iloc[0]} level: " + ", ".join(parts)
    kappa = whole[whole["measure"] == "kappa"]
    if kappa["low"].le(0).any():
        said += (
            ".\nBy its kappa, your causes and the labels may agree by chance alone. Reports "
            f"correct their rates by this audit, so look through the column causes of {SAMPLE} "
            "once more: are its rows still beside their comments?"
        )
    elif n < THIN:
        said += (
            ".\nThat is a thin audit: reports correct their rates by it, so label more of "
            f"{SAMPLE}."
        )
    return said


def _empty() -> pd.DataFrame:
    return pd.DataFrame(columns=["level", "group", "n", "measure", "value", "low", "high"])
