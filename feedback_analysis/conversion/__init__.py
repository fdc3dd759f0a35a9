"""What reviews do to conversion: how much, how sure, and which products first."""

from feedback_analysis.conversion.association import ReviewAssociation, review_association
from feedback_analysis.conversion.effect import ReviewEffect, review_effect
from feedback_analysis.conversion.effect_words import sessions_text
from feedback_analysis.conversion.panel import ReviewPanel, review_panel
from feedback_analysis.conversion.priorities import Priorities, review_priorities
from feedback_analysis.conversion.published import published_effects
from feedback_analysis.conversion.simulation import scenario_names, simulate_catalogue

__all__ = [
    "Priorities",
    "ReviewAssociation",
    "ReviewEffect",
    "ReviewPanel",
    "published_effects",
    "review_association",
    "review_effect",
    "review_panel",
    "review_priorities",
    "scenario_names",
    "sessions_text",
    "simulate_catalogue",
]
