#!/usr/bin/env python3
"""Searches one file of JSON lines with dateline and with Lucene, the same queries, and prints milliseconds side by side.

usage: searching.py FILE.jsonl [--index FOLDER] [--rounds N] [--class NAME]

Queries are those of `cargo bench --bench search`, which is run here too: twelve a class, each the fastest of fifteen runs after
the machine is warm, the ten best with the exact number of matches and the best one's stored article. Lucene is run by `java` (17
or later), its jars are fetched with `mvn`. Rounds take turns; of each figure the lowest of all rounds is printed.
"""
import argparse, re, subprocess, sys, tempfile
from pathlib import Path

from peers import LUCENE, lucene_jars

REPOSITORY = Path(__file__).resolve().parents[2]
ANALYZERS = ("standard", "english")
# a class, matches, p50 and p95 of the bare program, p50 and p95 of one hit
ROW = re.compile(r"^(\S.*?) +(\d+) +([\d.]+) +([\d.]+) +([\d.]+) +([\d.]+) ")


def dateline(index, queries):
    command = ["cargo", "bench", "--bench", "search", "--", str(index), "--queries", str(queries)]
    ran = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True)
    rows = filter(None, map(ROW.match, ran.stdout.splitlines()))
    return {row[1]: (int(row[2]), float(row[5]), float(row[6])) for row in rows}


def lucene(classes, archive, folder, analyzer, queries):
    command = ["java", "-Xmx2g", "-cp", classes, "LuceneSearch", str(archive), str(folder), analyzer, str(queries)]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    rows = (line.split("\t") for line in ran.stdout.splitlines())
    return {name: (int(matches), float(middle), float(slow)) for name, matches, middle, slow in rows}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archive", type=Path)
    parser.add_argument("--index", type=Path, help="dateline's index of it, if there is one")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--class", dest="wanted", default="", help="only classes with this in their name")
    arguments = parser.parse_args()
    archive = arguments.archive.resolve()
    rounds = {"dateline": [], **{analyzer: [] for analyzer in ANALYZERS}}
    with tempfile.TemporaryDirectory() as scratch:
        classes = lucene_jars(scratch)
        index = arguments.index and arguments.index.resolve()
        if not index:
            index = Path(scratch, "index")
            command = ["cargo", "run", "--release", "--", "index", "--index", str(index), str(archive)]
            subprocess.run(command, cwd=REPOSITORY, check=True, stdout=subprocess.DEVNULL)
        queries = Path(scratch, "queries.tsv")
        for _ in range(arguments.rounds):
            rounds["dateline"].append(dateline(index, queries))
            lines = [line for line in queries.read_text().splitlines(keepends=True) if arguments.wanted in line.split("\t")[0]]
            wanted = Path(scratch, "wanted.tsv")
            wanted.write_text("".join(lines))
            for analyzer in ANALYZERS:
                rounds[analyzer].append(lucene(classes, archive, Path(scratch, analyzer), analyzer, wanted))
    lowest = {name: {row: (runs[0][row][0], *(min(run[row][at] for run in runs) for at in (1, 2))) for row in runs[0]}
              for name, runs in rounds.items()}
    print(f"Lucene {LUCENE}; ms, p50 and p95, the lowest of {arguments.rounds} rounds in turn\n")
    print("| class | dateline | Lucene, standard | Lucene, english | p95, × standard | matches |\n|---|---|---|---|---|---|")
    for row in lowest["standard"]:
        found = [lowest[name][row] for name in rounds]
        shown = [f"{middle:.2f}, {slow:.2f}" for _, middle, slow in found]
        matches = ", ".join(str(count) for count, *_ in found)
        print(f"| {row} | {' | '.join(shown)} | {found[0][2] / found[1][2]:.2f} | {matches} |")


if __name__ == "__main__":
    sys.exit(main())
