#!/usr/bin/env python3
"""Measures what pool sizes are worth that `pgtriage advise pool` gives.

Runs pgbench workloads on a throwaway server over a grid of connection counts, lets pgtriage look at a
light pilot load of each, and prints the throughput at the advised size beside the best that was seen.
The advised size is the capacity: pgbench sends as much as it can, so demand plays no part.

  tests/pool_bench.py --bin "$(pg_config --bindir)" --pgtriage target/release/pgtriage

Exit code 1: the mean is below 0.85 or the worst below 0.7. Needs a quiet machine; --seconds and
--rounds make it long enough for one that is not. Standard library only.
"""

import argparse
import json
import math
import os
import pwd
import random
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

WORKLOADS = {
    "tpcb": None,
    "select": None,
    "app5": 5,
    "app20": 20,
}
MEAN, WORST = 0.85, 0.7

APP = r"""\set aid random(1, 100000 * :scale)
BEGIN;
SELECT abalance FROM pgbench_accounts WHERE aid = :aid;
\sleep {ms} ms
UPDATE pgbench_accounts SET abalance = abalance + 1 WHERE aid = :aid;
COMMIT;
"""


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bin", default=None, help="folder of initdb, postgres, pgbench; by default that of PATH")
    parser.add_argument("--pgbench", default=None, help="pgbench, where it is elsewhere")
    parser.add_argument("--pgtriage", default="target/release/pgtriage")
    parser.add_argument("--cores", type=float, default=None, help="cores that the server gets; by default all")
    parser.add_argument("--scale", type=int, default=20)
    parser.add_argument("--seconds", type=int, default=5, help="of a run")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pilot", type=int, default=15, help="seconds of the pilot load")
    parser.add_argument("--grid", default="1,2,3,4,6,8,12,16,24,32,48,64,96")
    parser.add_argument("--workloads", default=",".join(WORKLOADS))
    return parser.parse_args()


class Server:
    """A server of its own in a temporary folder."""

    def __init__(self, args):
        self.args = args
        self.folder = tempfile.mkdtemp(prefix="pool-bench-")
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith("PG")}
        self.user = None
        if os.getuid() == 0:
            # The server refuses to run as root.
            self.user = next(name for name in ("postgres", "nobody") if has_user(name))
            shutil.chown(self.folder, self.user)
        self.environment.update(PGHOST=self.folder, PGPORT="5432", PGUSER="postgres", PGDATABASE="postgres")
        data = os.path.join(self.folder, "data")
        self.run([self.tool("initdb"), "-D", data, "-U", "postgres", "-A", "trust", "--no-sync"])
        settings = {
            "listen_addresses": "''",
            "unix_socket_directories": f"'{self.folder}'",
            "max_connections": "200",
            "shared_buffers": "'512MB'",
            "max_wal_size": "'4GB'",
            "track_io_timing": "on",
            "track_wal_io_timing": "on",
        }
        with open(os.path.join(data, "postgresql.auto.conf"), "a", encoding="utf-8") as conf:
            for name, value in settings.items():
                conf.write(f"{name} = {value}\n")
        self.process = subprocess.Popen(
            self.as_user([self.tool("postgres"), "-D", data]),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=self.environment,
            cwd=self.folder,
        )
        for _ in range(300):
            if os.path.exists(os.path.join(self.folder, ".s.PGSQL.5432")):
                break
            time.sleep(0.1)
        self.pgbench(["-i", "-q", "-s", str(args.scale)])

    def tool(self, name):
        return os.path.join(self.args.bin, name) if self.args.bin else name

    def as_user(self, command):
        # PostgreSQL finds its libraries by its own path.
        return ["setpriv", f"--reuid={self.user}", f"--regid={gid(self.user)}", "--clear-groups", *command] if self.user else command

    def run(self, command, check=True):
        done = subprocess.run(
            self.as_user(command), env=self.environment, cwd=self.folder, capture_output=True, text=True, check=False
        )
        if check and done.returncode:
            sys.exit(f"{' '.join(command)}: {done.stderr.strip()}")
        return done.stdout + done.stderr

    def pgbench(self, arguments):
        tool = self.args.pgbench or self.tool("pgbench")
        return self.run([tool, *arguments])

    def workload(self, name, clients, seconds):
        """Command arguments of a workload."""
        threads = min(clients, max(1, os.cpu_count() or 1))
        common = ["-n", "-c", str(clients), "-j", str(threads), "-T", str(seconds), "-D", f"scale={self.args.scale}"]
        if name == "tpcb":
            return common
        if name == "select":
            return [*common, "-S"]
        script = os.path.join(self.folder, f"{name}.sql")
        if not os.path.exists(script):
            with open(script, "w", encoding="utf-8") as file:
                file.write(APP.format(ms=WORKLOADS[name]))
            os.chmod(script, 0o644)
        return [*common, "-f", script]

    def rate(self, name, clients, seconds):
        """Transactions a second with so many connections."""
        said = self.pgbench(self.workload(name, clients, seconds))
        found = re.search(r"tps = ([\d.]+) \((?:without initial|excluding)", said) or re.search(r"tps = ([\d.]+)", said)
        if not found:
            sys.exit(f"pgbench does not say its rate:\n{said}")
        return float(found.group(1))

    def advice(self, name):
        """What pgtriage advises by two light clients."""
        seconds = self.args.pilot
        tool = self.args.pgbench or self.tool("pgbench")
        pilot = subprocess.Popen(
            self.as_user([tool, *self.workload(name, 2, seconds + 8)]),
            env=self.environment,
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(1)
        target = f"host={self.folder} port=5432 user=postgres dbname=postgres"
        command = [
            os.path.abspath(self.args.pgtriage), "advise", "pool", "-d", target, "--for", f"{seconds}s",
            "--cores", str(self.args.cores or len(os.sched_getaffinity(0))), "--format", "json", "--quiet", "--no-remote-logs",
        ]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)
        pilot.wait()
        if done.returncode:
            sys.exit(f"pgtriage: {done.stderr.strip()}")
        return json.loads(done.stdout)["pools"][0]

    def end(self):
        self.process.send_signal(signal.SIGINT)
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def has_user(name):
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


def gid(name):
    return pwd.getpwnam(name).pw_gid


def at(curve, size):
    """Throughput at a size between two of the grid, on a line over the logarithm of the size."""
    sizes = sorted(curve)
    size = min(max(size, sizes[0]), sizes[-1])
    above = next(known for known in sizes if known >= size)
    below = max(known for known in sizes if known <= size)
    if above == below:
        return curve[above]
    share = (math.log(size) - math.log(below)) / (math.log(above) - math.log(below))
    return curve[below] + share * (curve[above] - curve[below])


def main():
    args = arguments()
    grid = [int(size) for size in args.grid.split(",")]
    names = args.workloads.split(",")
    server = Server(args)
    scores = []
    try:
        advised = {name: server.advice(name) for name in names}
        runs = {(name, size): [] for name in names for size in grid}
        for number in range(args.rounds):
            # A machine that slows down meanwhile must not favour some sizes.
            order = list(runs)
            random.Random(number).shuffle(order)
            for name, size in order:
                runs[name, size].append(server.rate(name, size, args.seconds))
        for name in names:
            curve = {size: statistics.median(runs[name, size]) for size in grid}
            best = max(curve.values())
            advice = advised[name]
            size = advice["capacity"]
            score = at(curve, max(size, 2)) / best
            scores.append(score)
            shown = " ".join(f"{size}:{rate / best:.2f}" for size, rate in sorted(curve.items()))
            least = " at least" if advice["capacity_is_least"] else ""
            print(f"{name:7} H {advice['hold_ms']:.2f} ms, A {advice['cpu_ms']:.2f} ms, advised{least} {size}: {score:.2f} of the best ({best:.0f}/s)")
            print(f"        {shown}")
    finally:
        server.end()
    mean, worst = statistics.mean(scores), min(scores)
    print(f"mean {mean:.2f}, worst {worst:.2f}; wanted {MEAN} and {WORST}")
    return 0 if mean >= MEAN and worst >= WORST else 1


if __name__ == "__main__":
    sys.exit(main())
