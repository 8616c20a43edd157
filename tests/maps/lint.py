#!/usr/bin/env python3
"""Runs pgtriage lint on a set of migrations with known truth and scores what it finds.

  tests/maps/lint.py SET [--binary FILE] [--schema FILE] [--each] [--pg-version N] [scorer's options …]

SET holds folders of migrations, truth.json and lint_score.py. With --schema the findings are those of a schema that is
known. With --each every file is linted by itself, else the whole set at once.
"""
import argparse, json, os, pathlib, subprocess, sys, tempfile

HERE = pathlib.Path(__file__).resolve().parent


def lint(arguments, folder, paths, schema, version):
    command = [arguments.binary, "lint", "--format", "json", "--fail-on", "never", *paths]
    if schema:
        command += ["--schema", schema]
    if version:
        command += ["--pg-version", version]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return json.loads(done.stdout)["findings"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("set", type=pathlib.Path)
    parser.add_argument("--binary", default=str(HERE.parent.parent / "target" / "release" / "pgtriage"))
    parser.add_argument("--schema", type=pathlib.Path)
    parser.add_argument("--each", action="store_true", help="lint each file by itself")
    parser.add_argument("--pg-version")
    arguments, rest = parser.parse_known_args()
    truth = json.loads((arguments.set / "truth.json").read_text())
    arguments.binary = str(pathlib.Path(arguments.binary).resolve())
    schema = arguments.schema and str(arguments.schema.resolve())
    files = sorted(truth["files"])
    if arguments.each:
        found = [finding for file in files for finding in lint(arguments, arguments.set, [file], schema, arguments.pg_version)]
    else:
        folders = sorted({file.split("/")[0] for file in files})
        found = lint(arguments, arguments.set, folders, schema, arguments.pg_version)
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as lines:
        for finding in found:
            if not finding["rule"].startswith("migration/") or not finding.get("file"):
                continue
            line = {"file": os.path.normpath(finding["file"]), "line": finding.get("line"), "rule": finding["rule"], "level": finding["severity"]}
            lines.write(json.dumps(line) + "\n")
        lines.flush()
        command = [sys.executable, str(arguments.set / "lint_score.py"), "--truth", str(arguments.set / "truth.json")]
        command += ["--findings", lines.name, "--map", str(HERE / "lint.json"), *rest]
        if schema:
            command.append("--with-schema")
        sys.exit(subprocess.run(command).returncode)


if __name__ == "__main__":
    main()
