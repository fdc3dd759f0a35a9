"""The same work in different worlds: time zone, language, hash seed, workers, folder and user."""

import hashlib
import os
import shutil
import subprocess
import sys

from tests.crash_cases import READS, shop
from tests.project_files import ROOT
from tests.report.hand_made import write_notebook

LOCALES = {"tr_TR.UTF-8": ("tr_TR", "UTF-8"), "de_DE.UTF-8": ("de_DE", "UTF-8"),
           "ja_JP.UTF-8": ("ja_JP", "UTF-8")}  # fmt: skip
SHOWS = (
    READS + "\nfrom IPython.display import HTML, display\n"
    "import pandas as pd\n"
    "frame = fa.read_folder(SHOP).feedback\n"
    "display(HTML(frame[['date', 'rating', 'comment']].to_html()))\n"
    "print(pd.Timestamp('2026-10-31'), f'{1234.5:,.2f}', 'I'.lower(), sorted(set('abcdef'))[0])"
)
# Zone, language, hash seed, workers, name of the folder and of the user.
WORLDS = (
    ("UTC", "C.UTF-8", "0", 1, "one", "anna"),
    ("Pacific/Kiritimati", "tr_TR.UTF-8", "1", 2, "another place", "b\u00f6rje"),
    ("Pacific/Pago_Pago", "de_DE.UTF-8", "2", 1, "third", "root"),
    ("Asia/Kolkata", "C", "3", 2, "fourth", "anna"),
    ("America/Los_Angeles", "ja_JP.UTF-8", "4", 1, "fifth", "carla"),
    ("Australia/Lord_Howe", "C.UTF-8", "5", 2, "sixth", "d"),
)


def make_locales(place):
    """Make the languages that this machine does not have; return those that can be had."""
    made = {"C", "C.UTF-8"}
    place.mkdir(parents=True, exist_ok=True)
    for name, (source, signs) in LOCALES.items():
        if shutil.which("localedef"):
            done = subprocess.run(
                ["localedef", "-i", source, "-f", signs, "--no-archive", str(place / name)],
                capture_output=True, check=False,
            )  # fmt: skip
            # 1: made, with warnings.
            if done.returncode in (0, 1) and (place / name / "LC_CTYPE").exists():
                made.add(name)
    return made


def start(place, *, notebooks=None):
    """Write the small shop, its notebook and a file to label, from which every world begins."""
    shop(place / "shop")
    (place / "shop" / "shop.toml").write_text(
        (place / "shop" / "shop.toml").read_text() + '[privacy]\nsalt = "' + "0" * 64 + '"\n'
    )
    for number in (0, 1):
        write_notebook(place / "notebooks" / f"0{number}_all.ipynb", "## All", SHOWS)
    if notebooks:
        shutil.rmtree(place / "notebooks")
        shutil.copytree(notebooks, place / "notebooks")
    lines = [f"the parcel came {n} days late,I\u015f\u0131k {n}" for n in range(40)]
    (place / "in.csv").write_text("comment,x\n" + "\n".join(lines) + "\n", encoding="utf-8")


def outcome(begin, place, world, *, locales, cache):
    """Do the work in a world; return a hash for every file that it writes for the user."""
    zone, language, seed, workers, folder, user = world
    home = place / f"home of {user}"
    home.mkdir(parents=True)
    here = place / folder
    shutil.copytree(begin, here)
    environment = {
        "PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(
            [str(ROOT), os.environ.get("PYTHONPATH", "")]),
        "TZ": zone, "LC_ALL": language, "LANG": language, "LOCPATH": str(locales),
        "PYTHONHASHSEED": seed, "HOME": str(home), "USER": user, "LOGNAME": user,
        "FEEDBACK_ANALYSIS_CACHE": str(cache), "MPLBACKEND": "Agg",
    }  # fmt: skip
    if "MPLCONFIGDIR" in os.environ:
        environment["MPLCONFIGDIR"] = os.environ["MPLCONFIGDIR"]
    for arguments in (
        ["cases", "shop", "--out", "cases.csv", "--today", "2026-11-05"],
        ["cases", "shop", "--out", "cases.xlsx", "--today", "2026-11-05"],
        ["label", "in.csv", "--out", "out.csv", "--encoder", "none"],
        ["report", "shop", "--period", "2026-10", "--notebooks", "notebooks",
         "--workers", str(workers)],
    ):  # fmt: skip
        done = subprocess.run(
            [sys.executable, "-m", "feedback_analysis", *arguments], cwd=here, env=environment,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, (world, done.stderr[-2000:])
    return {
        path.relative_to(here).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in [here / "cases.csv", here / "cases.xlsx", here / "out.csv",
                     *sorted((here / "reports").rglob("*"))]
        if path.is_file()
    }  # fmt: skip


def differing(one, other):
    """Return the files that differ between two outcomes."""
    return sorted(name for name in {*one, *other} if one.get(name) != other.get(name))
