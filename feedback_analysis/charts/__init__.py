"""Figures and small tables: each function draws a result that another room worked out."""

from feedback_analysis.charts.alarm import weekly_alarm
from feedback_analysis.charts.cases import by_resolution, exclusions, fixes, time_to_close
from feedback_analysis.charts.cause_grid import cause_groups, cause_months
from feedback_analysis.charts.causes import halved, pareto
from feedback_analysis.charts.chart import Chart, blank, show
from feedback_analysis.charts.comment_map import comment_map
from feedback_analysis.charts.conversion import review_doses, review_effect, review_events
from feedback_analysis.charts.conversion_lists import (
    review_coverage,
    review_priorities,
    review_rates,
)
from feedback_analysis.charts.data_check import coverage, files_read
from feedback_analysis.charts.defects import order_weeks
from feedback_analysis.charts.distance import rolloff
from feedback_analysis.charts.health import rating
from feedback_analysis.charts.mix import mix_shift
from feedback_analysis.charts.scorecard import scorecard
from feedback_analysis.charts.standouts import standouts
from feedback_analysis.charts.tables import Table, Words, lead, table_of, words
from feedback_analysis.charts.weekly import weekly_rating

__all__ = [
    "Chart",
    "Table",
    "Words",
    "blank",
    "by_resolution",
    "cause_groups",
    "cause_months",
    "comment_map",
    "coverage",
    "exclusions",
    "files_read",
    "fixes",
    "halved",
    "lead",
    "mix_shift",
    "order_weeks",
    "pareto",
    "rating",
    "review_coverage",
    "review_doses",
    "review_effect",
    "review_events",
    "review_priorities",
    "review_rates",
    "rolloff",
    "scorecard",
    "show",
    "standouts",
    "table_of",
    "time_to_close",
    "weekly_alarm",
    "weekly_rating",
    "words",
]
