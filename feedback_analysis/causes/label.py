"""Labels comments: with our taxonomy and its seeds, or with a user's, and after people's word."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from math import nan
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pandas as pd

from feedback_analysis.causes.corrections import Corrections, corrections_of, plain
from feedback_analysis.causes.seeds import seeds
from feedback_analysis.causes.taxonomy import Cause, Taxonomy, own_taxonomy, read_taxonomy

if TYPE_CHECKING:
    from feedback_analysis.causes.labeller import CauseLabeller

Batch = TypeVar("Batch")
Answer = tuple[tuple[str, ...], tuple[str, ...], float]
EMPTY: Answer = ((), (), nan)
# The columns that labels fill.
ADDED = ("questions", "causes", "confidence")
# What a person said weighs as much as so many seed comments.
HUMAN = 6.0


@dataclass(frozen=True)
class Labelling:
    """A labeller, and what people said, which goes before it.

    Attributes
    ----------
    labeller : CauseLabeller
    corrections : Corrections
    taxonomy : Taxonomy
    memory : Path, optional
        Folder where sentence vectors are kept.
    """

    labeller: CauseLabeller
    corrections: Corrections
    taxonomy: Taxonomy
    memory: Path | None = None

    @property
    def encoder(self) -> str:
        """Return the name of the encoder that was used."""
        return self.labeller.encoder_

    def __call__(
        self,
        comments: Sequence[str],
        keys: Sequence[str] | None = None,
        *,
        workers: int | None = None,
    ) -> list[Answer]:
        """Return questions, causes and confidence of each comment.

        Parameters
        ----------
        comments : sequence of str
        keys : sequence of str, optional
            Their order keys, by which people may have corrected them.
        workers : int, optional
            As :meth:`along` takes it.
        """
        ((_, answers),) = self.along([comments], lambda texts: (texts, keys), workers=workers)
        return answers

    def along(
        self,
        batches: Iterable[Batch],
        read: Callable[[Batch], tuple[Sequence[str], Sequence[str] | None]],
        *,
        workers: int | None = None,
    ) -> Iterator[tuple[Batch, list[Answer]]]:
        """Yield batches in order, each with the answers to its comments.

        What a comment gets does not depend on the batch it stands in, nor on the processes.

        Parameters
        ----------
        batches : iterable
            Anything; some are read ahead.
        read : callable
            Takes a batch, and returns its comments, and their order keys or None.
        workers : int, optional
            Processes: 1 for this one alone; by default as many as there are cores once some
            thousand distinct comments wait.
        """
        from feedback_analysis.causes.stream import Stream

        said = self.corrections.by_comment
        ahead: deque[tuple[Batch, list[str], Sequence[str] | None]] = deque()

        def asked() -> Iterator[list[str]]:
            for batch in batches:
                comments, keys = read(batch)
                texts = [plain(comment) for comment in comments]
                ahead.append((batch, texts, keys))
                yield [text for text in texts if text and text not in said]

        for found in Stream(self, workers)(asked()):
            batch, texts, keys = ahead.popleft()
            yield batch, self._answers(texts, keys, iter(found))

    def _answers(
        self, texts: list[str], keys: Sequence[str] | None, found: Iterator[Answer]
    ) -> list[Answer]:
        said = self.corrections
        answers = [
            self._by_hand(said.by_comment[text])
            if text in said.by_comment
            else (next(found) if text else EMPTY)
            for text in texts
        ]
        if keys is None or not said.by_key:
            return answers
        return [
            self._by_hand(said.by_key[key]) if key in said.by_key else answer
            for key, answer in zip(keys, answers, strict=True)
        ]

    def _by_hand(self, causes: tuple[str, ...]) -> Answer:
        return self.taxonomy.questions_of(causes), causes, 1.0


def labelling(
    taxonomy: Taxonomy | str | Path | None = None,
    corrections: object = None,
    *,
    encoder: str = "auto",
    comments: Iterable[str] = (),
) -> Labelling:
    """Return what labels comments.

    Parameters
    ----------
    taxonomy : Taxonomy, str or Path, optional
        A user's taxonomy, or its file; ours by default.
    corrections : str, Path, DataFrame or Corrections, optional
    encoder : str, default="auto"
    comments : iterable of str
        What a user's taxonomy is learnt from; ours needs none.

    Returns
    -------
    Labelling
    """
    if taxonomy is None:
        taxonomy = own_taxonomy()
    elif not isinstance(taxonomy, Taxonomy):
        taxonomy = read_taxonomy(taxonomy)
    said = corrections_of(corrections, taxonomy)
    if taxonomy.own:
        made = own_labeller(encoder, tuple(said.by_comment.items()), _beyond_ours(taxonomy))
    else:
        from feedback_analysis.causes.weak import learn

        made = learn(taxonomy, list(comments), said, encoder=encoder)
    return Labelling(made, said, taxonomy)


def _beyond_ours(taxonomy: Taxonomy) -> str:
    """Return a shop's own causes as JSON, by which a labeller can be kept."""
    ours = set(own_taxonomy().ids)
    more = [asdict(cause) for cause in taxonomy.causes if cause.id not in ours]
    return json.dumps(more, ensure_ascii=False) if more else ""


@lru_cache(maxsize=4)
def own_labeller(
    encoder: str = "auto", said: tuple[tuple[str, tuple[str, ...]], ...] = (), more: str = ""
) -> CauseLabeller:
    """Return the labeller that the seed comments, and people's corrections, make.

    Parameters
    ----------
    encoder : str, default="auto"
    said : tuple of (comment, cause ids)
        Corrections.
    more : str, optional
        A shop's own causes beyond ours, as JSON; their examples teach like corrections.

    Returns
    -------
    CauseLabeller
    """
    # scikit-learn takes a second to import, and most commands do without.
    from feedback_analysis.causes.labeller import CauseLabeller
    from feedback_analysis.causes.store import kept_labeller

    if not said and not more:
        return kept_labeller(encoder)
    taxonomy = None
    if more:
        ours = own_taxonomy()
        added = tuple(Cause(**each) for each in json.loads(more))
        taxonomy = Taxonomy((*ours.causes, *added), ours.questions, own=True)
        known = {comment for comment, _ in said}
        examples = {
            plain(text): (cause.id,)
            for cause in added
            for texts in cause.examples.values()
            for text in texts
        }
        # What a person said of one comment goes before an example.
        said = (*said, *(pair for pair in examples.items() if pair[0] not in known))
    rows = seeds()
    taught = {comment for comment, _ in said}
    kept = rows[~rows["comment"].map(plain).isin(taught)]
    texts = [*kept["comment"], *(comment for comment, _ in said)]
    causes = [*kept["causes"], *(";".join(each) for _, each in said)]
    weight = [1.0] * len(kept) + [HUMAN] * len(said)
    return CauseLabeller(taxonomy, encoder=encoder).fit(texts, causes, weight)


def label_comments(
    comments: Iterable[str],
    taxonomy: object = None,
    corrections: object = None,
    *,
    encoder: str = "auto",
    memory: str | Path | None = None,
    workers: int | None = None,
) -> pd.DataFrame:
    """Say what each comment complains about.

    Parameters
    ----------
    comments : Series or iterable of str
        Comments as buyers wrote them, in any language.
    taxonomy : str, Path or Taxonomy, optional
        A file of causes of your own, instead of ours; it is learnt from these comments.
    corrections : str, Path or DataFrame, optional
        Comments with the causes that a person gave them; they count, and they teach.
    encoder : {"auto", "use", "none"}, default="auto"
        Sentence vectors.
    memory : str or Path, optional
        A folder in which sentence vectors are kept by a hash of the text for the next time.
    workers : int, optional
        Processes: 1 for this one alone; by default as many as there are cores once there are some
        thousand distinct comments. The labels are the same.

    Returns
    -------
    DataFrame
        questions, causes (tuples of ids, most confident first) and confidence (0-1), with the
        index of the comments. A comment without text has no questions, no causes, no confidence.
        ``attrs["encoder"]`` names the sentence encoder that was used.
    """
    given = comments if isinstance(comments, pd.Series) else pd.Series(list(comments), dtype=object)
    texts = [plain(comment) if pd.notna(comment) else "" for comment in given]
    made = labelling(taxonomy, corrections, encoder=encoder, comments=texts)
    made = replace(made, memory=None if memory is None else Path(memory))
    rows = made(texts, workers=workers)
    frame = pd.DataFrame(
        {
            "questions": pd.Series([row[0] for row in rows], index=given.index, dtype=object),
            "causes": pd.Series([row[1] for row in rows], index=given.index, dtype=object),
            "confidence": pd.Series([row[2] for row in rows], index=given.index, dtype=float),
        }
    )
    frame.attrs["encoder"] = made.encoder
    return frame
