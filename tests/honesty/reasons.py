"""What no independent script can recompute: each kind, why, and how many numbers of each page.

Here and nowhere else. A number that no check names and no kind explains fails the page's test, and
so does one more of a kind than is written down here.
"""

MODEL = "a grouping of sentence vectors"
CATALOGUES = "simulated catalogues"
PUBLISHED = "what others published"
BENCHMARK = "measured by benchmarks/removals"
GUARD = "what the labels and the guard's words give"
STEPS = "steps of another page"
EXAMPLE = "an example of a call"
NAME = "the name of a pattern"
DEFINITION = "what a word means"

WHY = {
    MODEL: "sizes of groups of comments that a trained encoder puts near each other",
    CATALOGUES: "catalogues without an effect, simulated with the product's own seed",
    PUBLISHED: "figures of studies, typed in with their sources (conversion/published.csv)",
    BENCHMARK: "counts of a measurement with labels by hand; their intervals are recomputed",
    GUARD: "whose fault a case is follows from learned labels and the guard's word list",
    STEPS: "how many steps another page lists; the steps themselves are held one by one",
    EXAMPLE: "an argument of a call that a reader may try, and no figure of the shop",
    DEFINITION: "an example or a rule in the explanation of a word, the same for every shop",
    NAME: "patterns have no name but a number",
}

LEFT_OUT = {
    "index": {STEPS: 1},
    "00_data_check": {},
    "01_feedback_health": {},
    "02_service_questions": {},
    "03_root_causes": {MODEL: 14, NAME: 7, EXAMPLE: 2},
    "04_cases": {BENCHMARK: 13, GUARD: 1},
    "05_reviews_and_conversion": {CATALOGUES: 9, PUBLISHED: 38, EXAMPLE: 3},
    "glossary": {DEFINITION: 24},
}
