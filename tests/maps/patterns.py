#!/usr/bin/env python3
"""Runs pgtriage on a corpus of recorded ORM traffic and scores what it finds.

  tests/maps/patterns.py CORPUS [--binary FILE] [--totals] [--logs FORMAT] [--no-counters] [scorer's options …]

CORPUS holds a folder per scenario (counters before and after, a series of them, truth.json), schemas/
with a dump, pg_class and pg_stats each, and patterns_score.py. Only files that a user could send are
given to pgtriage: the schema, statistics, the counters and the log. Of the counters the series are the
samples, unless --totals asks for the last sample alone, or --no-counters for none. The log is the csvlog, unless --logs
names another format, or none.
"""
import argparse, gzip, json, pathlib, subprocess, sys, tempfile
from concurrent.futures import ThreadPoolExecutor

# Rules whose findings are of several statements each.
OF_SEVERAL = {"index/missing"}

LOGS = {"csvlog": "postgresql.csv.gz", "jsonlog": "postgresql.json.gz", "stderr": "postgresql.log.gz"}

HERE = pathlib.Path(__file__).resolve().parent


def read(path):
    return json.loads(gzip.open(path).read())


def samples(scenario, folder, totals):
    """Files for --statements: the series where it is wanted, then the counters after the run."""
    after = read(scenario / "pgss_after.json.gz")
    texts = {str(row["queryid"]): row["query"] for name in ("pgss_before", "pgss_after") for row in read(scenario / f"{name}.json.gz")}
    files, at = [], 0
    if not totals:
        for line in gzip.open(scenario / "pgss_series.jsonl.gz"):
            taken = json.loads(line)
            at = taken["t"]
            rows = [
                {"queryid": row[0], "calls": row[1], "rows": row[2], "total_exec_time": row[3], "query": texts[str(row[0])]}
                for row in taken["rows"]
                if str(row[0]) in texts
            ]
            files.append({"captured_at": at, "rows": rows})
        files.append({"captured_at": at + 1, "rows": after})
    else:
        files.append({"rows": after})
    names = []
    for number, content in enumerate(files):
        name = folder / f"{number}.json"
        name.write_text(json.dumps(content))
        names.append(str(name))
    return names


def run(given, scenario, kinds):
    schema = given.corpus / "schemas" / scenario.name.split("__")[0].split("_", 1)[1]
    with tempfile.TemporaryDirectory() as folder:
        command = [
            given.binary, "check", "--format", "json", "--fail-on", "never",
            "--schema", f"{schema}.sql",
            "--facts", f"pg_class={schema}.pg_class.json.gz",
            "--facts", f"pg_stats={schema}.pg_stats.json.gz",
            "--facts", f"pg_stat_user_tables={scenario}/pg_stat_user_tables.json.gz",
        ]
        if not given.no_counters:
            command += ["--statements", *samples(scenario, pathlib.Path(folder), given.totals)]
        if given.logs in LOGS:
            command += ["--logs", str(scenario / LOGS[given.logs])]
        done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{scenario.name}: exit {done.returncode}: {done.stderr}")
    for finding in json.loads(done.stdout)["findings"]:
        kind = kinds.get(finding["rule"])
        if kind:
            evidence = finding["evidence"]
            line = {
                "scenario": scenario.name,
                "kind": kind,
                "confidence": finding["confidence"],
                "parent_text": evidence.get("parent_query"),
            }
            if finding["rule"] in OF_SEVERAL:
                yield from ({**line, "queryid": str(queryid)} for queryid in evidence["queryids"])
            else:
                yield {**line, "query_text": evidence["query"], "queryid": str((evidence.get("queryids") or [""])[0])}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=pathlib.Path)
    parser.add_argument("--binary", default=str(HERE.parent.parent / "target/release/pgtriage"))
    parser.add_argument("--totals", action="store_true")
    parser.add_argument("--no-counters", action="store_true")
    parser.add_argument("--logs", choices=[*LOGS, "none"], default="csvlog")
    parser.add_argument("--keep", help="write the findings to this file")
    given, rest = parser.parse_known_args()
    kinds = json.loads((HERE / "patterns.json").read_text())
    scenarios = sorted(truth.parent for truth in given.corpus.glob("*/truth.json"))
    with ThreadPoolExecutor(2) as pool:
        found = pool.map(lambda s: list(run(given, s, kinds)), scenarios)
        lines = [json.dumps(finding) for findings in found for finding in findings]
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as out:
        out.write("\n".join(lines) + "\n")
        out.flush()
        if given.keep:
            pathlib.Path(given.keep).write_text("\n".join(lines) + "\n")
        sys.exit(subprocess.run([sys.executable, given.corpus / "patterns_score.py", given.corpus, out.name, *rest]).returncode)


if __name__ == "__main__":
    main()
