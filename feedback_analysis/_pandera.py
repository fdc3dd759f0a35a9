"""Brings pandera in where a table has to be judged, without what it does for PySpark's sake.

Where PySpark is installed pandera imports it, which takes half a second and warns of pandas 3 at
every command. And it binds Spark to this machine's loopback, so that a program which then asks a
cluster on other machines for something would wait in vain.
"""

import os

from feedback_analysis.absent import absent

__all__ = ["SchemaError", "SchemaErrors", "pa"]
_NAMES = ("SPARK_LOCAL_IP", "PYARROW_IGNORE_TIMEZONE")
_before = {name: os.environ.get(name) for name in _NAMES}
try:
    with absent("pyspark.pandas"):
        import pandera.pandas as pa
        from pandera.errors import SchemaError, SchemaErrors
finally:
    for _name, _value in _before.items():
        if _value is None:
            os.environ.pop(_name, None)
        else:
            os.environ[_name] = _value
