"""Which clauses of the training comments teach, and what: labels are given to comments only."""

from __future__ import annotations

import numpy as np

# A clause shares a label when it scores nearly as high as the strongest one, and high at all.
NEARLY, HIGH = 0.7, 0.6
# A clause without a label teaches when it looks like a complaint and is none.
MISLEADING = 0.5


def clause_targets(
    scores: np.ndarray, owner: np.ndarray, targets: np.ndarray, place: np.ndarray, causes: int
) -> tuple[np.ndarray, np.ndarray]:
    """Give each label of a comment to the clause that bears it.

    Parameters
    ----------
    scores : array of shape (clauses, outputs)
        By a regression that did not learn from the clause's own comment.
    owner : array of shape (clauses,)
        The comment of each clause.
    targets : array of shape (comments, outputs)
        Causes, then questions; 0 or 1.
    place : array of shape (causes,)
        The question of each cause; -1 for none.
    causes : int
        Number of causes.

    Returns
    -------
    tuple of array
        The clauses that teach, and their targets. Those are the clauses of comments with several
        causes, or where a clause looks like a complaint that the comment does not make: praise,
        something put right, a fact.
    """
    taught = np.zeros_like(scores)
    joined = 2 * scores[:, :causes]
    asked = np.flatnonzero(place >= 0)
    joined[:, asked] = scores[:, asked] + scores[:, causes + place[asked]]
    starts = np.flatnonzero(np.concatenate([[True], np.diff(owner) > 0]))
    ends = np.concatenate([starts[1:], [len(owner)]])
    for start, end in zip(starts, ends, strict=True):
        for cause in np.flatnonzero(targets[owner[start], :causes]):
            mine = joined[start:end, cause]
            bears = (mine == mine.max()) | ((mine > NEARLY * mine.max()) & (mine > HIGH))
            taught[start:end, cause] = np.maximum(taught[start:end, cause], bears)
            if place[cause] >= 0:
                column = causes + place[cause]
                taught[start:end, column] = np.maximum(taught[start:end, column], bears)
    false = (scores[:, :causes] * (targets[owner, :causes] == 0)).max(axis=1)
    several = targets[:, :causes].sum(axis=1)[owner] > 1
    bearing = taught.any(axis=1)
    chosen = np.flatnonzero((bearing & several) | (~bearing & (false > MISLEADING)))
    return chosen, taught[chosen]
