"""The products of one block of the catalogue: families, their children, and where they are sold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from .model import MARKETS, generator, model, read_rows

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# Products a block can hold at most; a block's numbers begin at block x this.
ROOM = 1024


@dataclass(frozen=True, eq=False)
class Catalogue:
    """One block of the catalogue.

    Attributes
    ----------
    families : DataFrame
        One row a variation family: its parent ASIN, category and the drawn traits.
    children : DataFrame
        One row a product: ASIN, SKU, titles, price in US dollars, channel (0 Amazon, 1 seller).
    cells : DataFrame
        One row a product and marketplace where it is sold: ``share`` of the family's demand,
        ``cumulative`` shares counted on from the family's number, local ``price``.
    """

    families: pd.DataFrame
    children: pd.DataFrame
    cells: pd.DataFrame


def make_asins(numbers: np.ndarray) -> list[str]:
    """Return invented ASINs, ``B0`` and eight characters, a different one for each number."""
    room = 36**8
    # A multiplier prime to 36 permutes the numbers, so that no two products share an ASIN; near
    # the golden share of the room it also sets neighbours far apart.
    asins = []
    for number in numbers.tolist():
        rest = (number * 1_743_392_200_547 + 913_579_135_711) % room
        letters = []
        for _ in range(8):
            rest, digit = divmod(rest, 36)
            letters.append(ALPHABET[digit])
        asins.append("B0" + "".join(letters))
    return asins


def build_catalogue(seed: int, block: int, fraction: float, weeks: int) -> Catalogue:
    """Draw one block of the catalogue.

    Parameters
    ----------
    seed, block : int
        Which draw.
    fraction : float
        Share of the families to keep (0-1]; kept ones are spread over the whole list.
    weeks : int
        Length of the panel, for the launch weeks.

    Returns
    -------
    Catalogue
    """
    numbers = model()
    rng = generator(seed, block, "catalogue")
    rows = pd.DataFrame(read_rows("catalogue.csv"))
    names = rows["family"].drop_duplicates().to_numpy()
    kept = _spread(names, fraction, [entry["family"] for entry in numbers["bestsellers"]])
    rows = rows[rows["family"].isin(kept)].reset_index(drop=True)
    children = _children(rows, block, kept)
    families = _families(rows, children, block, kept, weeks, rng)
    weight = rng.gamma(3.0, size=len(children))
    children["seller"] = _fulfilled_by_seller(children, families, weight, weeks, rng)
    cells = _cells(children, weight, rng)
    return Catalogue(families, children, cells)


def _spread(names: np.ndarray, fraction: float, wanted: list[str]) -> list[str]:
    count = max(2, round(len(names) * min(fraction, 1.0)))
    chosen = {names[i] for i in np.linspace(0, len(names) - 1, count).astype(int)}
    chosen |= set(wanted)
    return [name for name in names if name in chosen]


def _children(rows: pd.DataFrame, block: int, kept: list[str]) -> pd.DataFrame:
    count = len(rows)
    number = block * ROOM + np.arange(count)
    category = rows["category"].to_numpy()
    family = pd.Index(kept).get_indexer(rows["family"])
    sku = [
        # Every seventh product came with a number of the maker's, zeros in front and all.
        f"{n % 97:04d}{n:05d}" if i % 7 == 3 else f"AF-{c[:3].upper()}-{n:05d}"
        for i, (c, n) in enumerate(zip(category, number, strict=True))
    ]
    if block == 0 and count > 5:
        sku[5] = "NA"
    variants = rows.groupby("family")["family"].transform("size").to_numpy() > 1
    return pd.DataFrame(
        {
            "family": family,
            "asin": make_asins(number * 2),
            "sku": sku,
            "fnsku": ["X00" + asin[3:] for asin in make_asins(number * 2 + 1)],
            "title": _titles(rows["title"], rows["variant"], variants),
            "title_de": _titles(rows["title_de"], rows["variant_de"], variants),
            "price": rows["price_usd"].astype(float).to_numpy(),
            "category": category,
            "has_siblings": variants,
        }
    )


def _titles(titles: pd.Series, variants: pd.Series, several: np.ndarray) -> list[str]:
    return [
        f"{title}, {variant}" if more and variant else title
        for title, variant, more in zip(titles, variants, several, strict=True)
    ]


def _families(
    rows: pd.DataFrame,
    children: pd.DataFrame,
    block: int,
    kept: list[str],
    weeks: int,
    rng: np.random.Generator,
) -> pd.DataFrame:
    names = np.array(kept)
    traits = _traits(names, weeks, rng)
    stars = _set_bestsellers(traits, names)
    # Drawn before it is known which families are of old, so that bestsellers shift no other draw.
    before = traits.pop("before")
    traits["launch"] = np.where(traits["established"], before, traits["launch"])
    seldom = traits.pop("seldom")
    factor = model()["demand"]["seldom_factor"]
    traits["propensity"] = np.where(seldom, traits["propensity"] * factor, traits["propensity"])
    traits["log_sessions"] = _levelled(
        traits["log_sessions"], traits["log_conversion"], stars, traits["launch"], weeks
    )
    weekly = np.exp(traits["log_sessions"] + traits["log_conversion"])
    age = np.minimum(-traits["launch"], 150).clip(0)
    reviews = rng.poisson(weekly * traits["propensity"] * age).clip(1)
    rating = 4.1 + 0.35 * traits["quality"] + 0.2 * rng.standard_normal(len(names))
    label = names if block == 0 else np.array([f"B{block + 1}-{name}" for name in names])
    return pd.DataFrame(
        {
            "family": label,
            "name": names,
            "parent_asin": _parents(children, block, len(names)),
            "category": rows.drop_duplicates("family")["category"].to_numpy(),
            **traits,
            "first_reviews": np.where(traits["established"], reviews, 0),
            "rating": rating.clip(1, 5),
        }
    )


def _traits(names: np.ndarray, weeks: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Draw what a family is like. The order of the draws is part of the sample's seed."""
    demand, count = model()["demand"], len(names)
    quality = rng.standard_normal(count)
    log_sessions = demand["log_sessions_quality"] * quality
    log_sessions = log_sessions + demand["log_sessions_spread"] * rng.standard_normal(count)
    log_conversion = demand["log_conversion"] + demand["log_conversion_quality"] * quality
    log_conversion = log_conversion + demand["log_conversion_spread"] * rng.standard_normal(count)
    spread = demand["review_propensity_spread"] * rng.standard_normal(count)
    order = rng.permutation(count)
    established = np.zeros(count, dtype=bool)
    established[order[: round(demand["established"] * count)]] = True
    seldom = np.zeros(count, dtype=bool)
    seldom[order[len(order) - round(demand["seldom_reviewed"] * count) :]] = True
    return {
        "quality": quality,
        "log_sessions": log_sessions,
        "log_conversion": log_conversion,
        "propensity": demand["review_propensity"] * np.exp(spread),
        "launch": rng.integers(0, max(1, int(demand["launch_last"] * weeks)), count),
        "established": established,
        "seldom": seldom,
        "before": -rng.integers(10, 150, count),
    }


def _set_bestsellers(traits: dict[str, np.ndarray], names: np.ndarray) -> np.ndarray:
    """Give the named bestsellers their stated traits; return their items a week, else 0."""
    demand = model()["demand"]
    stars = np.zeros(len(names))
    for entry in model()["bestsellers"]:
        chosen = names == entry["family"]
        usual = demand["log_conversion"] + demand["log_conversion_quality"] * entry["quality"]
        stated = {"quality": entry["quality"], "log_conversion": usual}
        stated |= {"established": True, "seldom": False}
        for name, value in stated.items():
            traits[name] = np.where(chosen, value, traits[name])
        stars = np.where(chosen, entry["items_a_week"], stars)
    return stars


def _parents(children: pd.DataFrame, block: int, count: int) -> np.ndarray:
    first_child = children.drop_duplicates("family").set_index("family")
    parents = make_asins(block * ROOM * 2 + ROOM + 2 * np.arange(count) + 1 + 2**40)
    # A product without variations is its own parent.
    alone = ~first_child["has_siblings"].to_numpy()
    return np.where(alone, first_child["asin"].to_numpy(), np.array(parents))


def _levelled(
    log_sessions: np.ndarray,
    log_conversion: np.ndarray,
    stars: np.ndarray,
    launch: np.ndarray,
    weeks: int,
) -> np.ndarray:
    """Return log sessions a week with which the families bring the stated number of orders.

    Bestsellers, whose items a week are stated (``stars``; 0 for the others), get what those need.
    """
    boost, count = model()["demand"]["boost"], len(stars)
    live = weeks - np.clip(launch, 0, None)
    base = np.exp(log_sessions + log_conversion)
    wanted = model()["shop"]["orders"] * count / model()["shop"]["families"] * weeks / 105
    wanted /= boost
    stars = stars / boost
    plain = stars == 0
    shift = np.log((wanted - (stars * live).sum()) / (base * live)[plain].sum())
    return np.where(plain, log_sessions + shift, np.log(np.where(plain, 1, stars)) - log_conversion)


def _fulfilled_by_seller(
    children: pd.DataFrame,
    families: pd.DataFrame,
    weight: np.ndarray,
    weeks: int,
    rng: np.random.Generator,
) -> np.ndarray:
    """Choose the products that the seller ships, so that they bring the stated share of sales."""
    live = weeks - families["launch"].clip(lower=0)
    sales = (np.exp(families["log_sessions"] + families["log_conversion"]) * live).to_numpy()
    family = children["family"].to_numpy()
    part = sales[family] * weight / np.bincount(family, weight)[family]
    order = rng.permutation(len(children))
    before = np.cumsum(part[order]) - part[order] / 2
    seller = np.zeros(len(children), dtype=bool)
    seller[order] = before > model()["orders"]["amazon_fulfilled"] * part.sum()
    return seller


def _cells(children: pd.DataFrame, weight: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    parts = []
    for position, market in enumerate(MARKETS):
        entry = model()["markets"][market]
        sold = rng.random(len(children)) < entry["sold"]
        local = np.floor(children["price"].to_numpy() * entry["price"]) + 0.99
        parts.append(
            pd.DataFrame(
                {
                    "child": np.arange(len(children)),
                    "family": children["family"].to_numpy(),
                    "market": position,
                    "share": weight * entry["weight"] * rng.lognormal(0, 0.12, len(children)),
                    "price": local,
                }
            )[sold | (position == 0)]
        )
    cells = pd.concat(parts).sort_values(["family", "child", "market"], kind="stable")
    cells = cells.reset_index(drop=True)
    cells["share"] /= cells.groupby("family")["share"].transform("sum")
    running = cells.groupby("family")["share"].cumsum().to_numpy()
    last = ~cells.duplicated("family", keep="last").to_numpy()
    cells["cumulative"] = cells["family"].to_numpy() + np.where(last, 1.0, running)
    return cells
