"""Every tally by its SQL on Spark, held against the same tally by narwhals on pandas.

``python spark_sql.py FOLDER`` writes the awkward small shop there and prints both digests by name.
"""

import json
import sys
from pathlib import Path

from pyspark.sql import SparkSession

from feedback_analysis.scale import VIEWS, from_sql, queries
from feedback_analysis.tallies import SCHEMAS
from tests.scale.frames import FRAMES, built, digest, matches
from tests.scale.spark_job import SETTINGS


def views(spark, frames, folder):
    """Put frames before Spark as a warehouse would hold them: Parquet, days as DATE."""
    for name, frame in frames.items():
        file = folder / f"{name}.parquet"
        frame.to_parquet(file)
        table = spark.read.parquet(str(file))
        for column, kind in table.dtypes:
            if kind.startswith("timestamp"):
                table = table.withColumn(column, table[column].cast("date"))
        table.createOrReplaceTempView(name)


def main(folder):
    """Print the digests."""
    builder = SparkSession.builder.master("local[1]").appName("feedback_analysis")
    for name, value in SETTINGS.items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    views(spark, {**FRAMES, **matches()}, folder)
    for view in VIEWS:
        spark.sql(queries()[view]).createOrReplaceTempView(view)
    tallied = built(FRAMES)
    here = {name: digest(tallied.table(name)) for name in SCHEMAS}
    there = {
        name: digest(from_sql(name, spark.sql(queries()[name]).toArrow().to_pandas()))
        for name in SCHEMAS
    }
    spark.stop()
    print(json.dumps({"here": here, "there": there}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
