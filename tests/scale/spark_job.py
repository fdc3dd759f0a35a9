"""What the Spark test runs as a user's own program: tally, labels, panel, here and on a cluster.

``python spark_job.py MASTER FOLDER`` prints the digests of both. Tasks put their mark into the
folder, and those of the later partitions wait there for the file ``killed``, so that a worker can
be killed while it works.
"""

import hashlib
import json
import os
import sys
import time
from pathlib import Path

import pandas as pd
from pyspark import TaskContext
from pyspark.sql import SparkSession

from feedback_analysis import scale
from feedback_analysis.causes.corrections import NONE
from feedback_analysis.causes.encoder import installed
from feedback_analysis.causes.label import Labelling
from feedback_analysis.causes.labeller import CauseLabeller
from feedback_analysis.causes.seeds import seeds
from feedback_analysis.causes.taxonomy import own_taxonomy
from tests.conversion.shops import traffic

PARTITIONS, PROMPT, PATIENCE = 6, 2, 900
GIVEN = "id long, date date, marketplace string, rating long, comment string"
REPORTS = (
    "start date, end date, marketplace string, parent_asin string, child_asin string, "
    "sessions long, page_views long, units long, order_items long, featured_offer_share double, "
    "sales double, currency string, basis string"
)
SETTINGS = {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.memory": "512m",
    "spark.executor.memory": "512m",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.executor.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.sql.shuffle.partitions": "4",
    "spark.ui.enabled": "false",
}


def rows(number=240):
    """Feedback of many languages; every ninth comes without a word."""
    texts = seeds()["comment"].iloc[7::30].tolist()[:number]
    frame = pd.DataFrame({"id": range(len(texts)), "comment": texts})
    frame.loc[::9, "comment"] = ""
    frame["date"] = pd.Timestamp("2026-10-01") + pd.to_timedelta(frame["id"] % 20, unit="D")
    frame["marketplace"] = ["amazon.de" if number % 3 else "amazon.com" for number in frame["id"]]
    return frame.assign(rating=frame["id"] % 3 + 1)


def reports(families=12, weeks=6):
    """Business reports of families with one or two children; some things are not known."""
    given = [
        (week, f"P{family:02}", f"C{family:02}{child}", 40 + 7 * child + week,
         family % 4 + week % 2, None if family == 3 else 0.9, 19.5 * (family % 4 + week % 2))
        for family in range(families) for child in range(1 + family % 2) for week in range(weeks)
    ]  # fmt: skip
    return traffic(given)


def labeller():
    """A labeller of a few hundred seeds, with sentence vectors where they can be had."""
    some = seeds().iloc[::30]
    made = CauseLabeller(encoder="use" if installed("use") else "none")
    return Labelling(made.fit(some["comment"], some["causes"]), NONE, own_taxonomy())


def watched(made, folder):
    """Return what a task does: it labels, puts its mark, and waits for the kill if it is late."""

    def task(batches):
        for frame in scale.label_batches(batches, made):
            number = TaskContext.get().partitionId()
            (folder / f"{number}-{os.getppid()}").touch()
            waited = time.monotonic()
            while number >= PROMPT and not (folder / "killed").exists():
                if time.monotonic() - waited > PATIENCE:
                    raise TimeoutError("nobody killed a worker")
                time.sleep(0.05)
            yield frame

    return task


def on_spark(spark, frame, schema):
    """Hand a table over as lists: what is asked for here is Spark, not how it takes in pandas."""
    columns = [name.split()[0] for name in schema.split(", ")]
    listed = frame[columns].astype(object)
    listed = listed.where(listed.notna(), None).to_numpy().tolist()
    return spark.createDataFrame(listed, schema)


def digest(table, keys):
    """Return one number of a table, whatever the order of its rows and the dtypes of its texts."""
    table = table.sort_values(keys, ignore_index=True)
    for name in table.columns:
        if pd.api.types.is_float_dtype(table[name]):
            table[name] = table[name].map("{:.4f}".format)
        elif name in ("date", "week"):
            table[name] = pd.to_datetime(table[name]).dt.strftime("%Y-%m-%d")
    content = table[sorted(table.columns)].astype(str).to_csv(index=False)
    return hashlib.md5(content.encode(), usedforsecurity=False).hexdigest()


def main(master, folder):
    """Print the digests."""
    given, made = rows(), labeller()
    labels = pd.concat(scale.label_batches([given], made))
    here = [digest(scale.tally(given), ["date", "marketplace", "rating"]), digest(labels, ["id"])]
    sold = reports()
    here.append(digest(scale.panel(sold).table, ["family", "week"]))
    while not (folder / "standing").exists():
        time.sleep(0.1)
    builder = SparkSession.builder.master(master).appName("feedback_analysis")
    for name, value in SETTINGS.items():
        builder = builder.config(name, value)
    spark = builder.config("spark.executorEnv.PYTHONPATH", os.environ["PYTHONPATH"]).getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    frame = on_spark(spark, given.assign(date=given["date"].dt.date), GIVEN)
    frame = frame.repartition(PARTITIONS, "id")
    labelled = frame.mapInPandas(watched(made, folder), f"{GIVEN}, {scale.SCHEMA}")
    there = [digest(scale.tally(labelled), ["date", "marketplace", "rating"])]
    there.append(digest(labelled.toPandas(), ["id"]))
    days = {name: sold[name].dt.date for name in ("start", "end")}
    panel = scale.panel(on_spark(spark, sold.assign(**days), REPORTS))
    there.append(digest(panel.table, ["family", "week"]))
    spark.stop()
    print(json.dumps({"here": here, "there": there}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
