"""One row a change: several alarms, of one chart or both, may tell of the same change."""

from __future__ import annotations

import pandas as pd

from feedback_analysis.health.watch import SHARE

# A chart's level changes for some weeks; these describe one change as one chart saw it.
COLUMNS = [
    "change", "chart", "unit", "direction", "began", "began_low", "began_high", "level_before",
    "level_after", "level_since", "first_alarm", "last_alarm", "alarms",
]  # fmt: skip


def change_table(alarms: pd.DataFrame, weeks: pd.DataFrame, *, by: str | None) -> pd.DataFrame:
    """Gather alarms into changes.

    Parameters
    ----------
    alarms : DataFrame
        As of :class:`feedback_analysis.health.WeeklyAlarm`, oldest first.
    weeks : DataFrame
        Every watched week of every chart.
    by : str or None
        Column that names the block.

    Returns
    -------
    DataFrame
        One row a change and chart, newest change first: ``change`` (number), ``chart``, ``unit``,
        ``direction``, ``began`` with ``began_low`` and ``began_high`` (Mondays), ``level_before``,
        ``level_after`` (from the beginning up to the first alarm), ``level_since`` (from
        the beginning up to the next change of the chart, or the last week), ``first_alarm``,
        ``last_alarm`` (Mondays) and ``alarms`` (how many).
    """
    leading = [by] if by else []
    if alarms.empty:
        return pd.DataFrame(columns=[*leading, *COLUMNS])
    grouped = alarms.groupby(["change", *leading, "chart"], sort=True)
    # The alarm that begins a change says when it began; one that continues an older change of this
    # chart (while the other chart began anew) does so for want of one.
    firsts = grouped.first()[["unit", "direction", "began", "began_low", "began_high",
                              "level_before", "level_after"]]  # fmt: skip
    spans = grouped["start"].agg(first_alarm="min", last_alarm="max", alarms="size")
    found = firsts.join(spans).reset_index()
    found["level_since"] = _since(found, weeks, by=by)
    found = found.sort_values(["change", "first_alarm"], ascending=[False, True], kind="stable")
    return found[[*leading, *COLUMNS]].reset_index(drop=True)


def _since(found: pd.DataFrame, weeks: pd.DataFrame, *, by: str | None) -> list[float]:
    """Return each change's level from its beginning until the chart's next change begins."""
    levels = []
    for row in found.to_dict("records"):
        same = (weeks["chart"] == row["chart"]) & (weeks["signal"].isin(["", row["direction"]]))
        others = (found["chart"] == row["chart"]) & (found["began"] > row["began"])
        if by:
            same &= weeks[by] == row[by]
            others &= found[by] == row[by]
        after = found.loc[others, "began"].min()
        inside = same & (weeks["start"] >= row["began"])
        if not pd.isna(after):
            inside &= weeks["start"] < after
        rate = float(weeks.loc[inside, "count"].sum() / weeks.loc[inside, "exposure"].sum())
        levels.append(1 - rate if row["chart"] == SHARE else rate)
    return levels
