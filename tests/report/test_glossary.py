"""Words: every statistical word that the pages use is explained, in words that are not."""

import ast
import json
import re

import pytest

from feedback_analysis.report.glossary import glossary_words
from tests.project_files import PACKAGE, ROOT, package_modules

WORDS = glossary_words()
SPELLED = sorted({each for word in WORDS for each in word["spelled"]}, key=len, reverse=True)
KNOWN = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, SPELLED))})(?![\w-])", re.IGNORECASE)
# What somebody who never had statistics would have to look up. Whole words, small letters.
VOCABULARY = re.compile(
    r"(?<![\w-])(?:"
    r"intervals?|confidence|wilson|newcombe|fisher|holm|benjamini|hochberg|zou|donner|"
    r"false alarms?|cusum|funnel|control limits?|poisson|binomial|overdispersion|dispersion|"
    r"bootstrap\w*|kappa|macro-f1|f1|precision|recall|medians?|quantiles?|percentiles?|quartiles?|"
    r"standard errors?|p-values?|significan\w+|placebo|pre-trends?|event study|fixed effects?|"
    r"target trials?|estimators?|envelope|e-values?|cr[12]|cv3|jackknife|medoids?|centroids?|"
    r"tf-idf|nmf|logistic|vectors?|kaplan|meier|censor\w+|hazards?|odds ratio|logarithms?|"
    r"regression|"
    r"correlations?|associations?|naive|confound\w+|selection|mix shift|decomposition|roll-offs?|"
    r"struck|lifetime|order defect rate|odr|shrink\w*|priors?|posteriors?|bayes\w*|"
    r"simulat(?:ed|ions?)|"
    r"nowcast\w*|exact test|doses?|lift|switching|featured offer|conversion|sessions?|suggestive|"
    r"unreliable|tolerance|held-out|hold-out|cross-validation|percentage points?|outliers?|"
    r"heterogeneity|spillovers?|parallel trends|golden cells?|chargebacks?|a-to-z|set aside|"
    r"per 100|per 1,000|corrected|correction|stands? out|more than chance|by chance|chance"
    r")(?![\w-])",
    re.IGNORECASE,
)
# Rooms whose texts no page of the report shows: reading errors, workbooks, the command line.
ELSEWHERE = {"amazon", "cli", "dictionary", "sample", "scale", "settings", "tables", "memory"}


def is_explained(word):
    """Tell whether an entry's spelling stands in a word or phrase of a page."""
    return bool(KNOWN.search(" ".join(word.split())))


def sentences(path):
    """Return the texts of a module that somebody reads: strings of several words, no docstring."""
    tree = ast.parse(path.read_text("utf-8"))
    silent = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            silent.add(id(node.value))
    for node in ast.walk(tree):
        shown = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if shown and id(node) not in silent and " " in node.value.strip():
            yield node.value


def texts():
    """Return everything that a page may show, with where it stands."""
    for path in package_modules():
        if path.relative_to(PACKAGE).parts[0].removesuffix(".py") not in ELSEWHERE:
            yield from ((path.name, text) for text in sentences(path))
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        for cell in json.loads(path.read_text("utf-8"))["cells"]:
            if cell["cell_type"] == "markdown":
                yield path.name, "".join(cell["source"])
    for name in ("texts.toml", "actions.toml"):
        yield name, (PACKAGE / "report" / name).read_text("utf-8")
    for path in sorted((PACKAGE / "report" / "templates").glob("*.j2")):
        yield path.name, re.sub(r"\{[{%].*?[%}]\}|<[^>]*>", " ", path.read_text("utf-8"))


def unexplained(text):
    return sorted({found for found in VOCABULARY.findall(text) if not is_explained(found)})


def test_every_statistical_word_of_the_pages_is_explained():
    strange = {f"{where}: {word}" for where, text in texts() for word in unexplained(text)}
    assert not strange, f"no entry of report/glossary.toml explains {sorted(strange)}"


def test_a_word_without_an_entry_would_be_seen():
    assert unexplained("The hazard of a Bayesian posterior, by chance") == [
        "Bayesian",
        "hazard",
        "posterior",
    ]


def test_the_words_of_the_design_are_there():
    for word in (
        "struck", "roll-off", "Wilson interval", "funnel limits", "mix shift", "ODR",
        "target trials", "envelope", "CR1", "CV3", "E-value", "medoid", "golden cell",
    ):  # fmt: skip
        assert is_explained(word), word


@pytest.mark.parametrize("word", WORDS, ids=lambda word: word["id"])
def test_an_entry_is_whole_and_explains_itself_in_known_words(word):
    assert re.fullmatch(r"[a-z0-9-]+", word["id"])
    assert set(word) == {"id", "term", "spelled", "meaning"}
    assert word["spelled"] == [spelling.lower() for spelling in word["spelled"]]
    assert word["meaning"].endswith(".")
    assert len(word["meaning"]) > 40
    assert unexplained(word["meaning"]) == []


def test_entries_are_in_order_and_no_spelling_belongs_to_two():
    terms = [word["term"].lower().lstrip("0123456789 %") for word in WORDS]
    assert terms == sorted(terms)
    spellings = [spelling for word in WORDS for spelling in word["spelled"]]
    assert len(spellings) == len(set(spellings))
    assert len({word["id"] for word in WORDS}) == len(WORDS)
