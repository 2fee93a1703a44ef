#!/usr/bin/env python3
"""Kills, failing system calls, power cuts and an outage against the real program and the simulator. scripts/torture builds the program and calls this.

A line a tier: its verdict and its figures. Exit code 0 if every tier that could run kept every promise, else 1.
"""
import argparse
import concurrent.futures
import os
import pathlib
import random
import sys
import traceback

sys.dont_write_bytecode = True

import cuts
import keys
import kills
import outage
import places
import syscalls
import trace
from house import Broken


def tier(name, why_not, work):
    """@return whether it did not fail"""
    if why_not:
        print(f"{name}: SKIPPED, {why_not}", flush=True)
        return True
    try:
        print(f"{name}: kept, {work()}", flush=True)
        return True
    except Broken as error:
        print(f"{name}: BROKEN, {error}", flush=True)
    except Exception:   # noqa: a tier that cannot do its work has not kept anything
        print(f"{name}: BROKEN, it did not get through:\n{traceback.format_exc()}", flush=True)
    return False


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=lambda text: str(pathlib.Path(text).resolve()))
    parser.add_argument("--tiers", default="OKFCGPX", help="which of O (order), K, F, C, G (gateway), P (places), X (changed keys)")
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--every", type=int, default=1, help="F: one in so many of the system calls, by lot")
    parser.add_argument("--once", action="store_true", help="F: a call fails once, and not also every one after it")
    parser.add_argument("--cuts", type=int, default=100, help="C: of ext4; xfs gets half of it")
    parser.add_argument("--rounds", type=int, default=90, help="P: how often a folder is taken away, copied or robbed")
    parser.add_argument("--changes", type=int, default=200, help="X: how often the configuration changes")
    parser.add_argument("--outage", type=int, default=120, help="G: how many seconds it lasts")
    parser.add_argument("--workers", type=int, default=12 * (os.cpu_count() or 1), help="F: how many runs at once; they mostly wait")
    parser.add_argument("--together", action="store_true", help="the tiers side by side: K, C and G mostly wait")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    given = parser.parse_args()
    print(f"seed {given.seed}", flush=True)
    no_trace = trace.available() if set("OF") & set(given.tiers) else ""
    tiers = []
    if "O" in given.tiers:
        tiers.append(("O order", no_trace, lambda: syscalls.order(given.program)))
    if "K" in given.tiers:
        tiers.append(("K kills", "", lambda: kills.run(given.program, given.kills, given.seed)))
    if "F" in given.tiers:
        tiers.append(("F failing calls", no_trace, lambda: syscalls.run(given.program, given.every, not given.once, given.workers, given.seed)))
    for kind, count in (("ext4", given.cuts), ("xfs", given.cuts // 2)):
        if "C" in given.tiers and count > 0:
            tiers.append((f"C power cuts, {kind}", cuts.available(kind), lambda kind=kind, count=count: cuts.run(given.program, count, kind, given.seed)))
    if "P" in given.tiers:
        tiers.append(("P places", places.available(), lambda: places.run(given.program, given.rounds, given.seed)))
    if "X" in given.tiers:
        tiers.append(("X changed keys", "", lambda: keys.run(given.program, given.changes, given.seed)))
    if "G" in given.tiers:
        tiers.append(("G gateway", "", lambda: outage.run(given.program, given.outage)))
    with concurrent.futures.ThreadPoolExecutor(max(1, len(tiers)) if given.together else 1) as pool:
        good = list(pool.map(lambda each: tier(*each), tiers))
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
