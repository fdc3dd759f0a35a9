"""Cases: every complaint investigated, made good and followed up, and the right buyers asked."""

from feedback_analysis.cases.case_list import CaseList, case_list, coverage_text, promise_text

__all__ = ["CaseList", "case_list", "coverage_text", "promise_text"]
