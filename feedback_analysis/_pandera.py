"""Brings pandera in where a table has to be judged, without what it does for PySpark's sake.

Where PySpark is installed pandera imports it, which takes half a second and warns of pandas 3 at
every command. And it binds Spark to this machine's loopback, so that a program which then asks a
cluster on other machines for something would wait in vain.
"""

import os
import sys

__all__ = ["SchemaError", "SchemaErrors", "pa"]
_MODULE = "pyspark.pandas"
_NAMES = ("SPARK_LOCAL_IP", "PYARROW_IGNORE_TIMEZONE")
_before = {name: os.environ.get(name) for name in _NAMES}
_there = _MODULE in sys.modules
if not _there:
    # To pandera it is not installed.
    sys.modules[_MODULE] = None
try:
    import pandera.pandas as pa
    from pandera.errors import SchemaError, SchemaErrors
finally:
    if not _there:
        del sys.modules[_MODULE]
    for _name, _value in _before.items():
        if _value is None:
            os.environ.pop(_name, None)
