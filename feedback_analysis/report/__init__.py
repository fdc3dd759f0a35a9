"""The report: notebooks run, pages rendered, key figures, what to do first."""

from feedback_analysis.report.actions import what_to_do
from feedback_analysis.report.build import build_report
from feedback_analysis.report.labels import labels

__all__ = ["build_report", "labels", "what_to_do"]
