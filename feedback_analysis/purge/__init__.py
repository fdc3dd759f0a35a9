"""Remove a buyer's data, or everything before a day, wherever the product kept it, and prove it."""

from feedback_analysis.purge.run import Purge, purge_shop

__all__ = ["Purge", "purge_shop"]
