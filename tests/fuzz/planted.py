"""The personal data that the seeds hold, which nothing that is told of a file may repeat."""

PLANTED = (
    "zebulon.quackenbush@example.com", "555-010-4477", "Zebulon Quackenbush", "Quackenbush",
    "17 Wombat Crescent", "Wombat", "000-7654321-1234567", "7654321",
)  # fmt: skip


NAMES = ("Zebulon Quackenbush", "Quackenbush", "Wombat")


def check_private(*texts, headings=()):
    """Fail when a text holds planted personal data.

    A column that is named like a buyer is told by its name: nothing knows that it is one.
    """
    told = {name for name in NAMES for heading in headings if name in heading}
    for text in texts:
        found = [planted for planted in PLANTED if planted in text and planted not in told]
        assert not found, f"{found} in {text[:300]!r}"
