#!/usr/bin/env python3
"""Measures what crowds do to the drop folder: many small manifests at once, by both watchers, and a folder full of what is no drop.

Usage: spool_bench.py PROGRAM [--small N] [--strays N]      scripts/bench --spool builds the program and calls this
Exit code 0, or 1 if a run lost something.
"""
import argparse
import os
import pathlib
import time

from bench import FILES, MEDIA, House, lag_rows, row, wait_until

SLOW = "submissions: 1 per 1h, polls: 10 per 1s, running: 1"   # receipts are measured, not renders


def names_in(folder):
    return [entry.name for entry in os.scandir(folder)]


def small(program, count, watch):
    """`count` manifests of one job each, renamed in one after the other as fast as it goes."""
    what = f"{count} manifests at once ({watch})"
    roots = pathlib.Path(MEDIA)
    with House(program, limits=SLOW, duration="10min", spool=f", watch: {watch}, media_roots: [{roots}]") as house:
        house.start()
        outside = house.root / "outside"
        outside.mkdir()
        for n in range(count):
            (outside / f"small-{n:06}.yaml").write_text(
                f"version: 1\njobs:\n  - {{id: j, image: {FILES[n % 2]}, motion: {FILES[2 + n // 2 % 2]}, prompt: number {n}}}\n")
        incoming, accepted = house.root / "spool" / "incoming", house.root / "spool" / "accepted"
        began = time.monotonic()
        for n in range(count):
            (outside / f"small-{n:06}.yaml").rename(incoming / f"small-{n:06}.yaml")
        row(f"{what}: to drop them took", time.monotonic() - began, "s")
        wait_until("all are accepted", lambda: sum(n.endswith(".yaml") for n in names_in(accepted)) == count or house.must_run(), 0.2)
        row(f"{what}: first drop to last receipt", time.monotonic() - began, "s")
        row(f"{what}: CPU time", house.cpu()[0] / count, "ms/drop")
        time.sleep(3)
        row(f"{what}: memory at its highest", house.memory("VmHWM"), "MiB", 128)
        rejected = len(names_in(house.root / "spool" / "rejected"))
        jobs = house.status()["jobs"]
        if rejected or sum(jobs.values()) != count:
            raise SystemExit(f"bench: {rejected} in rejected/, jobs {jobs}")
        house.stop()
        lag_rows(house, what)


def strays(program, count, watch):
    """`count` files that are no drops, a drop in their midst, and again one once all of them have been reported."""
    what = f"{count} strays ({watch})"
    with House(program, limits=SLOW, duration="10min", spool=f", watch: {watch}") as house:
        incoming, accepted = house.root / "spool" / "incoming", house.root / "spool" / "accepted"
        house.start()
        for n in range(count):
            (incoming / f"frame-{n:06}.exr").write_bytes(b"x")
        began = house.drop("early", 1)
        wait_until("the drop is accepted", lambda: (accepted / "early").exists() or house.must_run())
        row(f"{what}: a drop among them to its receipt", time.monotonic() - began, "s")
        wait_until("all are reported", lambda: sum(n.endswith(".report.txt") for n in names_in(incoming)) == count or house.must_run(), 0.5)
        row(f"{what}: start to the last report (patience is 10 s)", time.monotonic() - began, "s")
        time.sleep(5)
        before, moment = house.cpu()[0], time.monotonic()
        time.sleep(20)
        row(f"{what}: CPU when all is said", (house.cpu()[0] - before) / (time.monotonic() - moment) / 10, "% of a core")
        began = house.drop("late", 1)
        wait_until("the drop is accepted", lambda: (accepted / "late").exists() or house.must_run())
        row(f"{what}: a later drop to its receipt", time.monotonic() - began, "s")
        row(f"{what}: memory at its highest", house.memory("VmHWM"), "MiB", 128)
        if sum(n.endswith(".exr") for n in names_in(incoming)) != count:
            raise SystemExit("bench: a stray is gone")
        house.stop()
        lag_rows(house, what)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=lambda text: str(pathlib.Path(text).resolve()))
    parser.add_argument("--small", type=int, default=10000)
    parser.add_argument("--strays", type=int, default=100000)
    parser.add_argument("--watch", action="append", choices=("inotify", "poll"))
    given = parser.parse_args()
    for watch in given.watch or ("inotify", "poll"):
        if given.small:
            small(given.program, given.small, watch)
        if given.strays:
            strays(given.program, given.strays, watch)


if __name__ == "__main__":
    main()
