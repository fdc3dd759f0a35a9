"""How the shop is rated: windows, periods and weeks, each with how sure it is."""

from feedback_analysis.health.alarm import WeeklyAlarm, alarm_options, weekly_alarm
from feedback_analysis.health.answers import Answers, answers
from feedback_analysis.health.change import Change, Comparison, change, compare_periods
from feedback_analysis.health.decomposition import MixShift, decompose
from feedback_analysis.health.defects import OrderDefectRate, order_defect_rate
from feedback_analysis.health.distance import Distance, distance_to_target
from feedback_analysis.health.headline import headline
from feedback_analysis.health.mix import mix_shift
from feedback_analysis.health.order_weeks import OrderWeeks, order_weeks
from feedback_analysis.health.outcomes import Outcomes, order_outcomes
from feedback_analysis.health.period import PeriodRating, period_rating
from feedback_analysis.health.rating import WINDOWS, FeedbackRating, feedback_rating, options
from feedback_analysis.health.restatements import Restatements, restatements
from feedback_analysis.health.standouts import Standouts, funnel_limits, standouts
from feedback_analysis.health.tally import daily_counts, tally
from feedback_analysis.health.unhappy import unhappy_feedback
from feedback_analysis.health.weekly import WeeklyRating, weekly_rating
from feedback_analysis.results import all_limits

__all__ = [
    "WINDOWS",
    "Answers",
    "Change",
    "Comparison",
    "Distance",
    "FeedbackRating",
    "MixShift",
    "OrderDefectRate",
    "OrderWeeks",
    "Outcomes",
    "PeriodRating",
    "Restatements",
    "Standouts",
    "WeeklyAlarm",
    "WeeklyRating",
    "alarm_options",
    "all_limits",
    "answers",
    "change",
    "compare_periods",
    "daily_counts",
    "decompose",
    "distance_to_target",
    "feedback_rating",
    "funnel_limits",
    "headline",
    "mix_shift",
    "options",
    "order_defect_rate",
    "order_outcomes",
    "order_weeks",
    "period_rating",
    "restatements",
    "standouts",
    "tally",
    "unhappy_feedback",
    "weekly_alarm",
    "weekly_rating",
]
