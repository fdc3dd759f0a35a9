"""The hostile texts, and a shop that holds them in every text of every file."""

import json
import tomllib
from functools import cache
from pathlib import Path

from tests.amazon.files import ORDER, commas, lines_of, make_shop
from tests.report.planted import NAMES, row, rows_by_kind

# The host that nothing may be fetched from.
HOST = "fetched.example.com"


@cache
def payloads():
    """Return every hostile text, each once."""
    groups = tomllib.loads(Path(__file__).with_name("payloads.toml").read_text("utf-8"))
    long = [sign * often for sign, often in groups.pop("long")]
    return tuple(dict.fromkeys([*(text for texts in groups.values() for text in texts), *long]))


class Hostile:
    """Gives each column the texts one after the other, each column from another on."""

    def __init__(self):
        self._next = {}

    def __call__(self, column):
        place = self._next.setdefault(column, 17 * len(self._next))
        self._next[column] += 1
        text = payloads()[place % len(payloads())]
        # A file with the letter 0 in it is no text, and is refused.
        return "Ann Onymous" if column in NAMES else text.replace("\0", "\N{SYMBOL FOR NULL}")


def one_line(text):
    """Return a text as a cell of a file without quoting can hold it."""
    return " ".join(text.split("\t")).replace("\r", " ").replace("\n", " ")


def file_name(text):
    """Return a text as the name of a file that any system of ours can hold."""
    name = text.translate({ord("/"): "\N{FRACTION SLASH}", 0: "0"}).encode()[:150]
    return name.decode("utf-8", "ignore").strip(" .") or "blank"


def _text(header, cells, *, quoted):
    if quoted:
        return commas(header, cells, all_quoted=True)
    return lines_of(header, [[one_line(str(cell)) for cell in line] for line in cells])


def hostile_settings():
    """Return a shop.toml whose texts are hostile."""
    texts = [text.replace("\0", "") for text in payloads()]
    short = [text for text in texts if 0 < len(text) <= 80]
    lines = [
        "[shop]",
        f"name = {_toml(SHOP)}",
        'marketplaces = ["US"]',
        "[privacy]",
        'salt = "tests"',
        "[causes]",
        'encoder = "none"',
        "[cases]",
        f"owners = [{', '.join(map(_toml, short[:40]))}]",
    ]
    for number, text in enumerate(short[3::60]):
        lines += [
            "[[actions]]",
            f"what = {_toml(text)}",
            "since = 2026-10-05",
            f"question = {_toml('packaging' if number % 2 else 'shipping_speed')}",
            f"products = [{_toml(texts[number])}]",
        ]
    for number, text in enumerate(short):
        lines += ["[[templates]]", f"name = {_toml(text)}", f"text = {_toml(texts[number])}"]
    return "\n".join(lines) + "\n"


SHOP = "\"><script>run()</script>{{7*7}} $x^2$ <b>&amp;\u202e & 'Sons'"


def _toml(text):
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def hostile_causes():
    """Return a causes.toml whose labels and examples are hostile."""
    chosen = [text for text in payloads()[5::20] if text.strip() and len(text) < 150]
    return "\n".join(
        f'[[cause]]\nid = "own_{number}"\nlabel = {_toml(text)}\nremedy = {_toml(text)}\n'
        f"examples = {{ en = [{_toml('something odd ' + text)}] }}"
        for number, text in enumerate(chosen)
    )


def hostile_shop(folder):
    """Write the shop: every text of every file is hostile, and so are the files' names."""
    plant, count, files = Hostile(), len(payloads()), {}
    for number, (name, (header, cells)) in enumerate(rows_by_kind(plant, count)):
        where = f"US/{file_name(payloads()[number])}"
        where += "/2026-10-01_2026-10-31" if "/" in name else ""
        ending = name.rsplit(".")[-1]
        files[f"{where}/{number} {file_name(payloads()[-number - 1])}.{ending}"] = _text(
            header, cells, quoted=ending == "csv"
        )
        if name == "confirmations.txt":
            for place, text in enumerate(payloads()[::8]):
                files[f"US/{file_name(text)} {place}.txt"] = _text(
                    header, cells[place : place + 1], quoted=False
                )
    make_shop(folder, files, toml=hostile_settings())
    own = ["order_id", "opened", "owner", "status", "resolution", "currency", "outcome",
           "public_reply", "note", "My own column", "=1+1", "<script>run()</script>"]  # fmt: skip
    cells = [row(own, plant, order_id=ORDER(n + 1), opened="2026-10-05") for n in range(count)]
    (folder / "cases.csv").write_text(commas(own, cells, all_quoted=True), "utf-8")
    asks = ["order_id", "asked", "how"]
    cells = [row(asks, plant, order_id=ORDER(n + 1), asked="2026-10-05") for n in range(count)]
    (folder / "asks.csv").write_text(commas(asks, cells, all_quoted=True), "utf-8")
    (folder / "causes.toml").write_text(hostile_causes(), "utf-8")
    return folder
