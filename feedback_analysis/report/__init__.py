"""The report: notebooks run, pages rendered, key figures, what to do first."""

from feedback_analysis.report.actions import what_to_do
from feedback_analysis.report.build import build_report

__all__ = ["build_report", "what_to_do"]
