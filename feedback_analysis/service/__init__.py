"""How buyers are served: the seven questions and the causes behind them, counted."""

from feedback_analysis.service.behaviour import Behaviour, behaviour
from feedback_analysis.service.cloud import CommentMap, comment_map
from feedback_analysis.service.complaints import complaints
from feedback_analysis.service.confusion import Confusion, confusion_of
from feedback_analysis.service.examples import representatives
from feedback_analysis.service.findings import Findings, cause_candidates, cause_patterns
from feedback_analysis.service.groups import cause_groups, in_words, strongest
from feedback_analysis.service.growth import Growth, growth, judged
from feedback_analysis.service.halved import Halved, halved
from feedback_analysis.service.labels import CORRECTIONS, label_feedback
from feedback_analysis.service.months import CauseMonths, cause_months
from feedback_analysis.service.own_causes import name_cause, taxonomy_of
from feedback_analysis.service.pareto import Pareto, pareto
from feedback_analysis.service.places import shop_map
from feedback_analysis.service.quality import Quality, label_quality
from feedback_analysis.service.scorecard import QUESTIONS, Scorecard, question_comments, scorecard
from feedback_analysis.service.tally import complaint_tally

__all__ = [
    "CORRECTIONS",
    "QUESTIONS",
    "Behaviour",
    "CauseMonths",
    "CommentMap",
    "Confusion",
    "Findings",
    "Growth",
    "Halved",
    "Pareto",
    "Quality",
    "Scorecard",
    "behaviour",
    "cause_candidates",
    "cause_groups",
    "cause_months",
    "cause_patterns",
    "comment_map",
    "complaint_tally",
    "complaints",
    "confusion_of",
    "growth",
    "halved",
    "in_words",
    "judged",
    "label_feedback",
    "label_quality",
    "name_cause",
    "pareto",
    "question_comments",
    "representatives",
    "scorecard",
    "shop_map",
    "strongest",
    "taxonomy_of",
]
