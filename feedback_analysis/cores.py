"""How many processes can work at the same time here."""

from __future__ import annotations

import os


def cores() -> int:
    """Return the number of cores that this process may use."""
    with_mask = getattr(os, "sched_getaffinity", None)
    return max(len(with_mask(0)) if with_mask else os.cpu_count() or 1, 1)
