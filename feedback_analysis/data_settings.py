"""The part of shop.toml that names tables outside Amazon's files, and what its parts share."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, model_validator


class Strict(BaseModel):
    """A table of shop.toml: an unknown key is an error, and nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Data(Strict):
    """Tables that lie elsewhere than in Amazon's files, under the names of the tidy tables.

    Each is a folder (or pattern) of Parquet files, seen from the shop's folder; with ``duckdb``, a
    database file, the name of a table or view in it; with ``spark``, a master such as
    ``spark://host:7077``, a name of its catalogue or a path. ``columns`` maps, for each table, our
    column names to those of the source. ``whole``: hold all rows in memory instead of complaints
    and tallies; by default that is decided by the number of rows.
    """

    duckdb: str | None = None
    spark: str | None = None
    feedback: str | None = None
    feedback_totals: str | None = None
    orders: str | None = None
    shipments: str | None = None
    returns: str | None = None
    daily: str | None = None
    traffic: str | None = None
    reviews: str | None = None
    account_health: str | None = None
    columns: dict[str, dict[str, str]] = {}
    whole: bool | None = None

    @model_validator(mode="after")
    def _one_engine(self) -> Data:
        if self.duckdb and self.spark:
            raise ValueError("state duckdb or spark, not both")
        if (self.duckdb or self.spark) and not self.sources:
            raise ValueError("name at least one table, such as feedback")
        strays = [name for name in self.columns if name not in self.sources]
        if strays:
            raise ValueError(f"columns are stated for {strays[0]}, which has no source here")
        return self

    @property
    def sources(self) -> dict[str, str]:
        """The tables that are named, with where they lie."""
        known = set(Data.model_fields) - {"duckdb", "spark", "columns", "whole"}
        return {name: place for name in sorted(known) if (place := getattr(self, name))}
