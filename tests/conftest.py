"""What every test shares: no clock, no chance, no screen."""

import os

from hypothesis import HealthCheck, settings

# Figures are drawn without a screen, also in the children that some tests start.
os.environ.setdefault("MPLBACKEND", "Agg")

# Every run tries the same examples, however slow the machine.
settings.register_profile(
    "project", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("project")
