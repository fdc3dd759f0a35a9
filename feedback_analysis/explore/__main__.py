"""Reads and labels a shop ahead, for its panel to be there soon: `make lab` does that meanwhile."""

import sys

from feedback_analysis.explore import open_shop, rows

if __name__ == "__main__":
    for folder in sys.argv[1:]:
        rows(open_shop(folder))
