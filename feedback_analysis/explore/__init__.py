"""Explore: feedback under filters, as linked views, each with the pandas that gives the same."""

from feedback_analysis.explore.explorer import Explorer, panel, year_to
from feedback_analysis.explore.feedback_rows import open_shop, rows
from feedback_analysis.explore.filters import Filters
from feedback_analysis.explore.map_places import places
from feedback_analysis.explore.views import (
    View,
    by_cause,
    comments,
    on_map,
    over_time,
    with_interval,
)

__all__ = [
    "Explorer",
    "Filters",
    "View",
    "by_cause",
    "comments",
    "on_map",
    "open_shop",
    "over_time",
    "panel",
    "places",
    "rows",
    "with_interval",
    "year_to",
]
