#!/usr/bin/env python3
"""Measures the daemon against the simulator, with every limit out of the way, and prints a table of figures beside their goals.

Usage: bench.py PROGRAM [--jobs N] [--running N] [--large N]      scripts/bench builds the program and calls this
Everything lies in a temporary folder; nothing is left running. Exit code 0, or 1 if a run did not do its work.
"""
import argparse
import contextlib
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
MEDIA = pathlib.Path(__file__).resolve().parents[2] / "config" / "examples" / "felt-animals"
FILES = ["fox.png", "bear.jpg", "wave.mp4", "jump.mp4"]
OPEN = "submissions: 1000 per 1s, polls: 1000 per 1s, running: 1000, downloads: 16"
TICKS = os.sysconf("SC_CLK_TCK")
PATIENCE = 300   # seconds


def wait_until(what, enough, interval=0.002):
    """Asks until it is true. @return what it answered"""
    end = time.monotonic() + PATIENCE
    while True:
        answer = enough()
        if answer:
            return answer
        if time.monotonic() > end:
            raise SystemExit(f"bench: not within {PATIENCE} s: {what}")
        time.sleep(interval)


class House:
    """A spool, an output and a state directory, the simulator, and the daemon between them."""

    def __init__(self, program, limits=OPEN, duration="100ms..500ms", spool=""):
        self.program = program
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="motionspool-bench-"))
        self.daemon = None
        self.url = ""
        for name in ("spool", "output", "state"):
            (self.root / name).mkdir()
        simulate = [program, "simulate", "--duration", duration, "--rate", "none", "--balance", "100000000"]
        self.simulator = subprocess.Popen(simulate, stdout=subprocess.PIPE, text=True)
        self.url = self.simulator.stdout.readline().removeprefix("listening on ").strip()
        self.config = self.root / "motionspool.yaml"
        self.config.write_text(f"""instance: bench
spool: {{directory: {self.root}/spool, settle: 100ms, patience: 10s, rescan: 30s{spool}}}
output: {{directory: {self.root}/output, keep_free: 1MB}}
state: {{directory: {self.root}/state}}
provider: {{api_url: "{self.url}", upload_url: "{self.url}"}}
credits: {{ask_above: none}}
limits: {{{limits}}}
control: {{socket: {self.root}/control.sock}}
log: {{level: info}}
""")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in (self.daemon, self.simulator):
            if process is not None and process.poll() is None:
                process.kill()
                process.wait()
        shutil.rmtree(self.root, ignore_errors=True)

    def start(self):
        """@return seconds from the start of the process to its being ready"""
        log = self.root / "daemon.log"
        before = log.stat().st_size if log.exists() else 0
        with log.open("a") as file:
            began = time.monotonic()
            self.daemon = subprocess.Popen([self.program, "run", "--config", self.config], stdout=file, stderr=file, env={"KIE_API_KEY": "bench"})
        wait_until("the daemon is ready", lambda: " ready: " in log.read_text()[before:] or self.must_run(), 0.001)
        return time.monotonic() - began

    def must_run(self):
        if self.daemon.poll() is not None:
            raise SystemExit("bench: the daemon ended:\n" + self.log()[-2000:])

    def stop(self):
        self.daemon.send_signal(signal.SIGTERM)
        if self.daemon.wait(60) != 0:
            raise SystemExit("bench: the daemon failed:\n" + self.log()[-2000:])

    def log(self):
        return (self.root / "daemon.log").read_text()

    def drop(self, name, count):
        """@return the moment of the rename"""
        hidden = self.root / "spool" / "incoming" / f".{name}"
        hidden.mkdir()
        for file in FILES:
            shutil.copy(MEDIA / file, hidden)
        lines = [f"  - {{id: j{n:05}, image: {FILES[n % 2]}, motion: {FILES[2 + n // 2 % 2]}, prompt: {name} {n}}}\n" for n in range(count)]
        (hidden / "manifest.yaml").write_text("version: 1\njobs:\n" + "".join(lines))
        moment = time.monotonic()
        hidden.rename(self.root / "spool" / "incoming" / name)
        return moment

    def cpu(self):
        """Milliseconds of CPU time: the daemon's own, and its helpers'."""
        fields = pathlib.Path(f"/proc/{self.daemon.pid}/stat").read_text().rpartition(") ")[2].split()
        own, helpers = sum(map(int, fields[11:13])), sum(map(int, fields[13:15]))
        return own * 1000 / TICKS, helpers * 1000 / TICKS

    def memory(self, key):
        """MiB; VmRSS or VmHWM."""
        status = pathlib.Path(f"/proc/{self.daemon.pid}/status").read_text()
        return int(re.search(rf"^{key}:\s+(\d+) kB", status, re.M)[1]) / 1024

    def lag(self):
        """What the last daemon said of its loop when it stopped, as numbers in milliseconds."""
        found = re.findall(r"loop lag: p50 < (\d+) us, p99 < (\d+) us, max (\d+) us; (\d+) commits, mean (\d+) us, slowest (\d+) us", self.log())
        p50, p99, longest, commits, mean, slowest = map(int, found[-1])
        return {"p50": p50 / 1000, "p99": p99 / 1000, "max": longest / 1000, "commits": commits, "mean": mean / 1000, "slowest": slowest / 1000}

    def status(self):
        said = subprocess.run([self.program, "status", "--json", "--config", self.config], stdout=subprocess.PIPE, text=True, check=True)
        return json.loads(said.stdout)


ROWS = []


def row(what, value, unit, goal=None, above=False):
    """A line of the table; with a goal, whether it is kept. `above`: the value must not be below it."""
    verdict = ""
    if goal is not None:
        kept = value >= goal if above else value <= goal
        verdict = f"{'at least' if above else 'at most'} {goal:g} {unit}: {'kept' if kept else 'MISSED'}"
    ROWS.append(f"{what:<52} {value:>10.2f} {unit:<12} {verdict}")
    print(ROWS[-1].rstrip(), flush=True)


def lag_rows(house, what):
    lag = house.lag()
    row(f"{what}: loop lag p50 (below)", lag["p50"], "ms")
    row(f"{what}: loop lag p99 (below)", lag["p99"], "ms", 10)
    row(f"{what}: loop lag max", lag["max"], "ms")
    row(f"{what}: a commit, mean of {lag['commits']}", lag["mean"], "ms")
    row(f"{what}: a commit, slowest", lag["slowest"], "ms")


def throughput(program, jobs):
    with House(program) as house:
        house.start()
        own_before, helpers_before = house.cpu()
        began = house.drop("bench", jobs)
        wait_until("all jobs are done", lambda: (house.root / "spool" / "finished" / "bench.report.json").exists() or house.must_run(), 0.01)
        took = time.monotonic() - began
        own, helpers = house.cpu()
        report = json.loads((house.root / "spool" / "finished" / "bench.report.json").read_text())
        if report["done"] != jobs:
            raise SystemExit(f"bench: {report['done']} of {jobs} jobs are done")
        row(f"{jobs} jobs: drop to last video", took, "s")
        row(f"{jobs} jobs: rate", jobs / took, "jobs/s")
        row(f"{jobs} jobs: the daemon's CPU time", (own - own_before) / jobs, "ms/job", 1)
        row(f"{jobs} jobs: its helpers' CPU time, in all", helpers - helpers_before, "ms")
        row(f"{jobs} jobs: memory at its highest", house.memory("VmHWM"), "MiB")
        house.stop()
        lag_rows(house, f"{jobs} jobs")


def running(program, count):
    with House(program, duration="10min") as house:
        house.start()
        idle = house.memory("VmRSS")
        house.drop("bench", count)
        wait_until("all are running", lambda: house.status()["running"] == count or house.must_run(), 0.1)
        before, began = house.cpu()[0], time.monotonic()
        time.sleep(8)   # some rounds of polls
        row("idle: memory", idle, "MiB")
        row(f"{count} running: memory", house.memory("VmRSS"), "MiB", 32)
        row(f"{count} running: CPU", (house.cpu()[0] - before) / (time.monotonic() - began) / 10, "% of a core")
        house.stop()
        lag_rows(house, f"{count} running")


def large(program, jobs):
    with House(program, limits="submissions: 1 per 1h, polls: 10 per 1s, running: 1", duration="10min") as house:
        house.start()
        began = house.drop("bench", jobs)
        accepted = house.root / "spool" / "accepted" / "bench"
        wait_until("the receipt", lambda: accepted.exists() or house.must_run())
        row(f"a manifest of {jobs} jobs: drop to receipt", time.monotonic() - began, "s", 1)
        time.sleep(3)
        row(f"a manifest of {jobs} jobs: memory afterwards", house.memory("VmRSS"), "MiB")
        row(f"a manifest of {jobs} jobs: memory at its highest", house.memory("VmHWM"), "MiB", 128)
        house.stop()
        lag_rows(house, f"a manifest of {jobs} jobs")
        row(f"restart with {jobs} jobs: start to ready", house.start(), "s", 1)
        began = time.monotonic()
        with contextlib.suppress(KeyError):
            house.status()["jobs"]["queued"]
        row(f"{jobs} jobs: `status`", time.monotonic() - began, "s")
        began = time.monotonic()
        subprocess.run([program, "jobs", "--json", "--config", house.config], stdout=subprocess.DEVNULL, check=True)
        row(f"{jobs} jobs: `jobs --json`", time.monotonic() - began, "s")
        house.stop()


def heavy(program, megabytes=100):
    """One job whose clip is as large as is accepted: the example's, with a box behind it that players pass over."""
    with House(program) as house:
        house.start()
        drop = house.root / "spool" / "incoming" / ".bench"
        drop.mkdir()
        shutil.copy(MEDIA / "fox.png", drop)
        clip = (MEDIA / "wave.mp4").read_bytes()
        free = megabytes * 1_000_000 - len(clip)
        (drop / "wave.mp4").write_bytes(clip + free.to_bytes(4, "big") + b"free" + os.urandom(free - 8))
        (drop / "manifest.yaml").write_text("version: 1\njobs:\n  - {id: heavy, image: fox.png, motion: wave.mp4, prompt: p}\n")
        began = time.monotonic()
        drop.rename(drop.with_name("bench"))
        accepted, finished = (house.root / "spool" / place / "bench" for place in ("accepted", "finished"))
        wait_until("the receipt", lambda: accepted.exists() or finished.exists() or house.must_run())
        row(f"a clip of {megabytes} MB: drop to receipt", time.monotonic() - began, "s")
        wait_until("the video", lambda: finished.with_name("bench.report.json").exists() or house.must_run())
        row(f"a clip of {megabytes} MB: drop to video", time.monotonic() - began, "s")
        if json.loads(finished.with_name("bench.report.json").read_text())["done"] != 1:
            raise SystemExit("bench: the job with the large clip is not done")
        row(f"a clip of {megabytes} MB: memory at its highest", house.memory("VmHWM"), "MiB", 128)
        house.stop()
        lag_rows(house, f"a clip of {megabytes} MB")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=lambda text: str(pathlib.Path(text).resolve()))
    parser.add_argument("--jobs", type=int, default=1000)
    parser.add_argument("--running", type=int, default=500)
    parser.add_argument("--large", type=int, default=10000)
    given = parser.parse_args()
    throughput(given.program, given.jobs)
    running(given.program, given.running)
    large(given.program, given.large)
    heavy(given.program)
    missed = sum("MISSED" in line for line in ROWS)
    print(f"{sum(': kept' in line for line in ROWS)} goals kept, {missed} missed")


if __name__ == "__main__":
    main()
