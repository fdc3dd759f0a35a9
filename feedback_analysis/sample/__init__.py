"""The sample shop: hand-written comments as data, and the seeded generator of a whole folder."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from datetime import date
from pathlib import Path

__all__ = ["KINDS", "write_new_shop", "write_sample"]

KINDS = (
    "feedback", "feedback_totals", "traffic", "daily", "orders", "shipments", "returns",
    "reviews", "account_health", "cases", "asks",
    "truth",
)  # fmt: skip


def write_sample(
    folder: str | Path,
    *,
    seed: int = 2026,
    scale: float = 1.0,
    only: Iterable[str] | None = None,
    start: date = date(2024, 11, 1),
    end: date = date(2026, 10, 31),
) -> Path:
    """Write the sample shop "Alder & Finch": every file as Amazon gives it, and the truth.

    The same arguments give the same bytes. A shop is made block by block, each with its own
    products, so that memory does not grow with the scale.

    Parameters
    ----------
    folder : str or Path
        The shop's folder; ``amazon/``, ``truth/``, ``asks.csv``, ``cases.csv`` and ``shop.toml``
        in it are replaced when an earlier sample wrote them.
    seed : int, default=2026
        Which shop is drawn.
    scale : float, default=1.0
        Size: 1 is one block of 120 product families, about 40,000 orders and 4,300 feedbacks; 10
        is ten such blocks, 0.1 a tenth of the families.
    only : iterable of str, optional
        Kinds of files to write, of ``KINDS``; default all. What is written does not depend on it.
    start, end : date
        First and last day of the shop.

    Returns
    -------
    Path
        The shop's folder.

    Raises
    ------
    ValueError
        If the scale is not positive, a kind is unknown, the end is before the start, or the
        folder holds something that no sample wrote.
    """
    # The generator is only loaded when a shop is written: importing the package stays quick.
    from .shop import write_shop

    kinds = tuple(KINDS if only is None else only)
    unknown = sorted(set(kinds) - set(KINDS))
    if unknown:
        raise ValueError(f"only must name kinds of files among {', '.join(KINDS)}, got {unknown}")
    if not scale > 0:
        raise ValueError(f"scale must be above 0, got {scale}")
    target = _cleared(Path(folder))
    write_shop(target, seed=seed, scale=scale, kinds=frozenset(kinds), start=start, end=end)
    return target


def write_new_shop(folder: str | Path) -> Path:
    """Write the tiny shop "Tiny Kiln": brand new, one feedback file and nothing else.

    Parameters
    ----------
    folder : str or Path
        The shop's folder.

    Returns
    -------
    Path
        The shop's folder.

    Raises
    ------
    ValueError
        If the folder holds something that no sample wrote.
    """
    from .shop import write_tiny

    target = _cleared(Path(folder))
    write_tiny(target)
    return target


def _cleared(folder: Path) -> Path:
    """Remove an earlier sample; refuse a folder that is somebody's own."""
    settings = folder / "shop.toml"
    if folder.is_dir() and any(folder.iterdir()):
        written = settings.is_file() and 'salt = "sample"' in settings.read_text("utf-8", "replace")
        if not written:
            raise ValueError(f"{folder} is not empty and holds no sample shop: choose a new folder")
        for name in ("amazon", "truth"):
            shutil.rmtree(folder / name, ignore_errors=True)
        for name in ("asks.csv", "cases.csv", "shop.toml"):
            (folder / name).unlink(missing_ok=True)
    folder.mkdir(parents=True, exist_ok=True)
    return folder
