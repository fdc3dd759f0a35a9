"""Cases: every complaint investigated, made good and followed up, and the right buyers asked."""

from feedback_analysis.cases.asking import (
    Asking,
    asking_now,
    exclusions,
    feedback_per_order,
    funnel,
    may_be_asked,
)
from feedback_analysis.cases.asking_effect import asking_effect
from feedback_analysis.cases.case_list import CaseList, case_list, coverage_text, promise_text
from feedback_analysis.cases.fixes import Fixes, fixes
from feedback_analysis.cases.guard import (
    GIFT_CERTIFICATES,
    check_cases,
    check_templates,
    check_text,
)
from feedback_analysis.cases.order_facts import OrderFacts, order_facts
from feedback_analysis.cases.outcomes import ByResolution, TimeToClose, by_resolution, time_to_close
from feedback_analysis.cases.request_texts import request_texts
from feedback_analysis.cases.responsibility import CANDIDATES_NOTE
from feedback_analysis.results import all_limits

__all__ = [
    "CANDIDATES_NOTE",
    "GIFT_CERTIFICATES",
    "Asking",
    "ByResolution",
    "CaseList",
    "Fixes",
    "OrderFacts",
    "TimeToClose",
    "all_limits",
    "asking_effect",
    "asking_now",
    "by_resolution",
    "case_list",
    "check_cases",
    "check_templates",
    "check_text",
    "coverage_text",
    "exclusions",
    "feedback_per_order",
    "fixes",
    "funnel",
    "may_be_asked",
    "order_facts",
    "promise_text",
    "request_texts",
    "time_to_close",
]
