#!/usr/bin/env python3
"""Indexes one file of JSON lines with dateline and with its peers, in turn, and prints medians as a table.

usage: peers.py FILE.jsonl [--dateline PROGRAM] [--rounds N] [--only NAME,NAME]

SQLite FTS5 comes with Python. tantivy-cli is used if `tantivy` is on the PATH (`cargo install tantivy-cli`), Lucene if
`java` (17 or later) and `mvn` are: its jars are fetched from Maven Central into a temporary folder. A peer that is not
there is left out and named. Every run is a process of its own; processor seconds and memory are those the system counted.
"""
import argparse, json, os, shutil, sqlite3, statistics, subprocess, sys, tempfile, time
from pathlib import Path

LUCENE = "9.12.3"
HERE = Path(__file__).resolve().parent
TANTIVY_FIELDS = [
    {"name": name, "type": "text",
     "options": {"indexing": {"record": record, "fieldnorms": True, "tokenizer": tokenizer}, "stored": True}}
    for name, record, tokenizer in [("id", "basic", "raw"), ("title", "position", "default"), ("body", "position", "default"),
                                    ("source", "basic", "raw"), ("date", "basic", "raw"), ("tags", "basic", "raw")]
]


def sqlite(archive, folder):
    """Title and body in FTS5, the line stored beside them; run in a process of its own."""
    database = sqlite3.connect(str(Path(folder) / "news.db"))
    database.executescript("""pragma journal_mode=off; pragma synchronous=off;
        create virtual table news using fts5(title, body, tokenize='unicode61');
        create table facts(id text, date text, source text, tags text);""")
    with open(archive, encoding="utf-8") as lines:
        articles = (json.loads(line) for line in lines)
        for article in articles:
            database.execute("insert into news values(?, ?)", (article["title"], article["body"]))
            facts = (article["id"], article["date"], article["source"], json.dumps(article.get("tags", [])))
            database.execute("insert into facts values(?, ?, ?, ?)", facts)
    database.commit()


def lucene_jars(folder):
    target = Path(folder) / "jars"
    for artifact in ("lucene-core", "lucene-analysis-common"):
        command = ["mvn", "-q", "-B", "dependency:copy", f"-Dartifact=org.apache.lucene:{artifact}:{LUCENE}",
                   f"-DoutputDirectory={target}"]
        subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL)
    sources = [str(HERE / name) for name in ("Lucene.java", "LuceneSearch.java")]
    subprocess.run(["javac", "-cp", f"{target}/*", "-d", str(target), *sources], check=True)
    return f"{target}:{target}/*"


def peers(archive, dateline, tools):
    """Name, version and the command of each peer, made for an empty folder; None where it is missing."""
    found, missing = [], []
    version = subprocess.run([dateline, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    found.append(("dateline, everything on", version,
                  lambda folder: [dateline, "index", "--index", f"{folder}/index", str(archive)]))
    found.append(("dateline, one thread", version,
                  lambda folder: [dateline, "index", "--threads", "1", "--index", f"{folder}/index", str(archive)]))
    found.append(("SQLite FTS5", sqlite3.sqlite_version,
                  lambda folder: [sys.executable, __file__, "--sqlite", str(archive), folder]))
    if program := shutil.which("tantivy"):
        version = subprocess.run([program, "--version"], capture_output=True, text=True).stdout.strip()

        def tantivy(folder):
            meta = {"segments": [], "schema": TANTIVY_FIELDS, "opstamp": 0}
            Path(folder, "meta.json").write_text(json.dumps(meta))
            return [program, "index", "-i", folder, "-f", str(archive), "-t", "2", "-m", "500000000", "--nomerge"]
        found.append(("tantivy-cli, 2 threads", version, tantivy))
    else:
        missing.append("tantivy-cli (`cargo install tantivy-cli`)")
    if all(map(shutil.which, ("java", "javac", "mvn"))):
        classes = lucene_jars(tools)
        for analyzer in ("standard", "english"):
            found.append((f"Lucene, {analyzer}, 2 threads", LUCENE, lambda folder, analyzer=analyzer:
                          ["java", "-Xmx2g", "-cp", classes, "Lucene", str(archive), f"{folder}/index", analyzer]))
    else:
        missing.append("Lucene (java, javac and mvn)")
    return found, missing


def run(command):
    """Wall seconds, processor seconds and peak memory in MB of one process."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"failed with {process.returncode}: {' '.join(command)}")
    return time.perf_counter() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main():
    if sys.argv[1:2] == ["--sqlite"]:
        return sqlite(*sys.argv[2:4])
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archive", type=Path)
    parser.add_argument("--dateline", default="target/release/dateline")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="", help="names of peers, or parts of them, with commas between")
    arguments = parser.parse_args()
    size = arguments.archive.stat().st_size
    with open(arguments.archive, "rb") as lines:
        articles = sum(1 for _ in lines)
    with tempfile.TemporaryDirectory() as scratch:
        found, missing = peers(arguments.archive.resolve(), arguments.dateline, scratch)
        wanted = [part for part in arguments.only.split(",") if part]
        found = [peer for peer in found if not wanted or any(part in peer[0] for part in wanted)]
        costs = {name: [] for name, *_ in found}
        sizes = {}
        for _ in range(arguments.rounds):
            for name, _, command in found:
                folder = tempfile.mkdtemp(dir=scratch)
                costs[name].append(run(command(folder)))
                sizes[name] = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
                shutil.rmtree(folder)
    print(f"{articles} articles, {size / 1e6:.0f} MB, medians of {arguments.rounds} rounds in turn\n")
    print("| engine | version | wall s | cpu s | articles/s | index/input | peak MB |\n|---|---|---|---|---|---|---|")
    for name, version, _ in found:
        wall, cpu, memory = (statistics.median(values) for values in zip(*costs[name]))
        print(f"| {name} | {version} | {wall:.1f} | {cpu:.1f} | {articles / wall:.0f} | {sizes[name] / size:.2f} | {memory:.0f} |")
    for name in missing:
        print(f"\nleft out, not installed: {name}")


if __name__ == "__main__":
    main()
