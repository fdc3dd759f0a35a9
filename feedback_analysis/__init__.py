"""An honest account of an Amazon seller's feedback, from the files of Seller Central."""

from feedback_analysis.amazon.folder import read_folder
from feedback_analysis.amazon.readers import (
    read_account_health,
    read_business_report,
    read_feedback,
    read_orders,
    read_returns,
    read_reviews,
    read_sales_and_traffic,
    read_shipments,
)
from feedback_analysis.causes.label import label_comments
from feedback_analysis.conversion import ReviewEffect, review_effect, simulate_catalogue
from feedback_analysis.errors import ReportError
from feedback_analysis.health import feedback_rating
from feedback_analysis.shop import Shop

__version__ = "0.2.0"
__all__ = [
    "ReportError",
    "ReviewEffect",
    "Shop",
    "feedback_rating",
    "label_comments",
    "read_account_health",
    "read_business_report",
    "read_feedback",
    "read_folder",
    "read_orders",
    "read_returns",
    "read_reviews",
    "read_sales_and_traffic",
    "read_shipments",
    "review_effect",
    "simulate_catalogue",
]
