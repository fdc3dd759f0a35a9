"""The personal data that the seeds hold, which nothing that is told of a file may repeat."""

PLANTED = (
    "zebulon.quackenbush@example.com", "555-010-4477", "Zebulon Quackenbush", "Quackenbush",
    "17 Wombat Crescent", "Wombat", "000-7654321-1234567", "7654321",
)  # fmt: skip


def check_private(*texts):
    """Fail when a text holds planted personal data."""
    for text in texts:
        found = [planted for planted in PLANTED if planted in text]
        assert not found, f"{found} in {text[:300]!r}"
