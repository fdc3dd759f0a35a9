"""What reviews do to conversion: how much, how sure, and which products first."""

from feedback_analysis.conversion.effect import ReviewEffect, review_effect
from feedback_analysis.conversion.simulation import scenario_names, simulate_catalogue

__all__ = ["ReviewEffect", "review_effect", "scenario_names", "simulate_catalogue"]
