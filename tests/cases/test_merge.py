"""The merge: no edit of the seller is ever lost, in 1,000 random sequences of edits and reruns."""

import numpy as np
import pytest

from feedback_analysis.cases.columns import COLUMNS, OURS, OWN
from feedback_analysis.cases.merge import (
    KEPT,
    NO_LONGER,
    REPLACED,
    TWICE,
    identity,
    merge,
    remembered,
    same,
)

SEQUENCES = 1000
FREE = [name for name in OURS if name not in ("order_id", "case_id")]


def case(number, **cells):
    """Return the worked-out row of a case."""
    row = dict.fromkeys(OURS, "")
    return row | {"order_id": f"000-0000001-{number:07d}", "case_id": f"case-{number}"} | cells


def worked_out(rng, numbers, day):
    """Return the rows of a run: what is worked out changes with the day."""
    return [
        case(number, next_step=f"step {rng.integers(3)}", overdue_days=int(day + number), sku="S")
        for number in rng.permutation(numbers)
    ]


class Seller:
    """A list as its owner has it, and every cell that they ever wrote."""

    def __init__(self, rng):
        self.rng, self.rows, self.wrote, self.base = rng, [], {}, {}
        self.columns = ["colour"]

    def rerun(self, day):
        numbers = self.rng.choice(12, size=self.rng.integers(3, 10), replace=False)
        new = worked_out(self.rng, numbers, day)
        made = merge(new, self.rows, written=self.base)
        self.rows = [dict.fromkeys(made.columns, "") | row for row in made.rows]
        self.base = remembered(new, made)
        return made

    def edit(self):
        kind = self.rng.choice(["own", "own", "ours", "new column", "further", "row", "order"])
        if kind == "row":
            self.rows.append(case(int(self.rng.integers(100, 999)), owner="me", next_step="mine"))
            self.note(self.rows[-1], "owner")
            self.note(self.rows[-1], "next_step")
        elif kind == "order":
            self.rows = [self.rows[place] for place in self.rng.permutation(len(self.rows))]
        elif kind == "new column":
            self.columns.append(f"column {len(self.columns)}")
        elif self.rows:
            row = self.rows[self.rng.integers(len(self.rows))]
            names = {"own": OWN, "ours": FREE, "further": self.columns}[kind]
            name = str(self.rng.choice(names))
            row[name] = f"edit {self.rng.integers(10**9)}"
            self.note(row, name)

    def note(self, row, name):
        self.wrote[identity(row), name] = row[name]

    def lost(self):
        now = {}
        for row in self.rows:
            for name, cell in row.items():
                now.setdefault((identity(row), name), []).append(cell)
        return [place for place, cell in self.wrote.items() if cell not in now.get(place, [])]


def test_no_edit_is_lost_in_a_thousand_sequences_of_edits_and_reruns():
    rng = np.random.default_rng(2026)
    edits = 0
    for _ in range(SEQUENCES):
        seller = Seller(rng)
        seller.rerun(0)
        for day in range(1, int(rng.integers(2, 6))):
            for _ in range(int(rng.integers(0, 5))):
                seller.edit()
            seller.rerun(day)
            assert seller.lost() == []
        edits += len(seller.wrote)
    # So many that the test would have seen a loss.
    assert edits > 4 * SEQUENCES


def test_the_thousand_sequences_would_see_a_loss():
    rng = np.random.default_rng(1)
    seller = Seller(rng)
    seller.rerun(0)
    for _ in range(20):
        seller.edit()
    seller.rows.clear()
    assert len(seller.lost()) == len(seller.wrote) > 0


def test_worked_out_cells_are_refreshed_and_the_sellers_stay():
    made = merge(
        [case(1, overdue_days=5)],
        [case(1, overdue_days=4, owner="Kim", colour="red")],
        written={case(1)["order_id"]: {"overdue_days": "4"}},
    )
    (row,) = made.rows
    assert (row["overdue_days"], row["owner"], row["colour"]) == (5, "Kim", "red")
    assert made.columns == [*(column.id for column in COLUMNS), "colour"]
    assert (made.added, made.conflicts, made.origins) == (0, [], [0])


def test_a_worked_out_cell_that_the_seller_changed_stays_and_is_told():
    made = merge(
        [case(1, sku="A")], [case(1, sku="mine")], written={case(1)["order_id"]: {"sku": "A"}}
    )
    assert made.rows[0]["sku"] == "mine"
    (conflict,) = made.conflicts
    assert (conflict.case, conflict.kept, conflict.other, conflict.why) == (
        "case-1", "mine", "A", KEPT,
    )  # fmt: skip


def test_without_knowledge_of_the_last_run_what_is_replaced_is_told():
    made = merge([case(1, sku="A")], [case(1, sku="B", owner="Kim")], written=None)
    assert made.rows[0]["sku"] == "A"
    assert made.rows[0]["owner"] == "Kim"
    assert [(one.column, one.other, one.why) for one in made.conflicts] == [("sku", "B", REPLACED)]


def test_another_list_fills_empty_cells_and_no_others():
    order = case(1)["order_id"]
    source = [
        {"order_id": order, "owner": "Lee", "cost": 12.5, "status": "open", "shelf": "B4"},
        {"order_id": "000-0000009-0000009", "owner": "Max"},
    ]
    made = merge(
        [case(1)],
        [case(1, owner="Kim", cost="12.50")],
        sources=[("tracker.xlsx", source)],
        written={},
    )
    first, second = made.rows
    assert (first["owner"], first["status"], first["shelf"]) == ("Kim", "open", "B4")
    assert [(one.column, one.kept, one.other) for one in made.conflicts] == [
        ("owner", "Kim", "Lee")
    ]
    assert made.conflicts[0].why.startswith("tracker.xlsx says otherwise")
    # A case that we know nothing of is carried over too.
    assert second["owner"] == "Max"
    assert "_source" not in second


def test_a_former_case_keeps_the_sellers_cells_and_loses_only_our_clocks():
    before = case(1, next_step="step 1", due="2026-03-01", overdue_days="mine", owner="Kim")
    written = {case(1)["order_id"]: {"next_step": "step 1", "due": "2026-03-01"}}
    made = merge([case(2)], [before], written=written)
    row = next(row for row in made.rows if row.get("owner") == "Kim")
    assert (row["next_step"], row["due"], row["overdue_days"]) == (NO_LONGER, "", "mine")
    # A list that was never written by us holds no clocks of ours.
    assert merge([case(2)], [before], written={}).rows[1]["next_step"] == "step 1"


def test_an_order_listed_twice_keeps_both_rows():
    made = merge([case(1)], [case(1, owner="Kim"), case(1, owner="Lee")], written={})
    assert [row["owner"] for row in made.rows] == ["Kim", "Lee"]
    assert [one.why for one in made.conflicts] == [TWICE]


def test_a_row_without_any_id_stays_as_it_is():
    made = merge([case(1)], [{"order_id": "", "note": "ask Ann"}], written={})
    assert made.rows[1]["note"] == "ask Ann"
    assert made.added == 1


@pytest.mark.parametrize(
    ("left", "right", "equal"),
    [
        ("12.50", 12.5, True),
        ("a", "a ", True),
        ("", None, True),
        ("1", "2", False),
        ("007", "7", False),
        ("1e2", "100", False),
        ("x", 1, False),
    ],
)
def test_cells_are_compared_by_what_they_say(left, right, equal):
    assert same(left, right) == equal


def test_an_order_id_without_dashes_is_the_same_order():
    assert identity({"order_id": "00000000010000001"}) == case(1)["order_id"]
