"""How many cells are lost when a seller edits a working list on disk and it is written anew.

Random sequences of edits and reruns through real files, CSV and workbook: texts that look like
formulas, numbers, days, blanks and line breaks; rows in any order; further columns; cases that come
and go. `python benchmarks/edited_lists.py 500` runs 500 of each. The merge alone is run a thousand
times by tests/cases/test_merge.py.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.cases.edited_files import run_sequences


def main() -> None:
    """Print how many cells were written, and how many of them were lost."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    for name in ("cases.csv", "cases.xlsx"):
        with tempfile.TemporaryDirectory() as folder:
            written, lost = run_sequences(Path(folder), name, count, seed=2026)
        print(f"{name}: {count:,} sequences, {written:,} cells written, {len(lost):,} lost")


if __name__ == "__main__":
    main()
