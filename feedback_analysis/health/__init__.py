"""How the shop is rated: windows, periods and weeks, each with how sure it is."""

from feedback_analysis.health.change import Change, Comparison, change, compare_periods
from feedback_analysis.health.period import PeriodRating, negative_feedback, period_rating
from feedback_analysis.health.rating import WINDOWS, FeedbackRating, feedback_rating, options
from feedback_analysis.health.tally import daily_counts, tally
from feedback_analysis.health.unhappy import unhappy_feedback
from feedback_analysis.health.weekly import WeeklyRating, weekly_rating
from feedback_analysis.health.words import all_limits

__all__ = [
    "WINDOWS",
    "Change",
    "Comparison",
    "FeedbackRating",
    "PeriodRating",
    "WeeklyRating",
    "all_limits",
    "change",
    "compare_periods",
    "daily_counts",
    "feedback_rating",
    "negative_feedback",
    "options",
    "period_rating",
    "tally",
    "unhappy_feedback",
    "weekly_rating",
]
