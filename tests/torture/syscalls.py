"""Tier F: every system call of one job is made to fail or to be the last one, and each time the next process must put things right."""
import concurrent.futures
import random
import shutil
import sqlite3
import threading
import time

import trace
from house import Broken, House, Scratch, Simulator

CHANGES = ["write", "pwrite64", "fsync", "fdatasync", "openat", "ftruncate", "rename", "renameat", "renameat2", "mkdir", "mkdirat", "unlink", "unlinkat", "link",
           "linkat", "fchmod", "sendto", "sendmsg", "connect", "sync_file_range"]
EIO = ["write", "pwrite64", "fsync", "fdatasync", "openat", "ftruncate", "rename", "renameat", "renameat2", "mkdir", "mkdirat", "linkat"]
ENOSPC = ["write", "pwrite64", "openat", "rename", "renameat", "renameat2", "mkdir", "mkdirat", "linkat"]
KINDS = {"signal=KILL": CHANGES, "error=EIO": EIO, "error=ENOSPC": ENOSPC}
LIMITS = "submissions: 1000 per 1s, polls: 1000 per 1s, running: 50, downloads: 8"


def record(program, folder, jobs):
    """@return the calls of a daemon that takes, pays for, fetches and reports so many jobs"""
    simulator = Simulator(program, folder, "20ms..50ms")
    house = House(program, simulator, folder, folder, LIMITS)
    try:
        house.move_in()
        house.drop("recorded", jobs)
        house.launch(["strace", "-y", "-s", "200", "-o", str(folder / "trace"), "-e", "trace=" + ",".join(CHANGES)])
        house.settle()
        house.wait_until_reported("recorded")
        house.stop()
        house.verdict()
    finally:
        house.close()
        simulator.close()
    return trace.read(folder / "trace")


def moved_in(program, folder):
    """@return directories that a daemon has made its own"""
    folder.mkdir()
    simulator = Simulator(program, folder)
    house = House(program, simulator, folder, folder, LIMITS)
    try:
        house.move_in()
    finally:
        house.close()
        simulator.close()
    return folder


def copy_as_original(template, folder):
    """A house of its own, without the time it takes to move in: a daemon refuses a copy that says it is one."""
    for place in ("spool", "output", "state"):
        shutil.copytree(template / place, folder / place)
    owner = folder / "spool" / ".owner"
    owner.write_text(owner.read_text().replace(str(template), str(folder)))
    with sqlite3.connect(folder / "state" / "motionspool.db") as database:
        database.execute("UPDATE meta SET value = replace(value, ?, ?) WHERE key IN ('spool', 'output', 'state_directory')", (str(template), str(folder)))
    database.close()


def one(program, simulator, template, folder, name, kind, call, when):
    """One job whose `when`th `call` goes wrong; with a "+" behind the number, also every one after it."""
    copy_as_original(template, folder)
    house = House(program, simulator, folder, folder, LIMITS)
    try:
        house.drop(name, 1)
        house.launch(["strace", "-qq", "-o", "/dev/null", "-e", f"trace={call}", "-e", f"inject={call}:{kind}:when={when}"])
        end = time.monotonic() + 8
        while house.daemon.poll() is None and time.monotonic() < end:
            house.note_receipts()
            if (folder / "spool" / "finished" / f"{name}.report.txt").exists() or house.rejected():
                break
            time.sleep(0.05)
        house.end()   # it may have ended by itself: something went wrong
        house.launch()
        house.settle()
        house.stop()
        return house.verdict()
    finally:
        house.close()


def run(program, every, lasting, workers, seed):
    """@param every one in so many of the calls, by lot; @param lasting also lets every call after the chosen one fail"""
    began = time.monotonic()
    dice = random.Random(seed)
    with Scratch() as root:
        recording = root / "recording"
        recording.mkdir()
        calls = trace.after_the_lock(record(program, recording, 1))
        plan = [(kind, call.name, str(call.number) + more) for kind, names in KINDS.items() for call in calls if call.name in names
                for more in (("", "+") if lasting and kind.startswith("error") else ("",))]
        dice.shuffle(plan)
        plan = plan[:max(1, len(plan) // every)]
        states, broken, local, lock = {}, [], threading.local(), threading.Lock()
        simulators, template = [], moved_in(program, root / "template")

        def work(item):
            number, (kind, call, when) = item
            if not hasattr(local, "simulator"):
                local.folder = root / f"simulator-{threading.get_ident()}"
                local.folder.mkdir()
                local.simulator = Simulator(program, local.folder, "20ms..50ms")
                simulators.append(local.simulator)
            folder = root / f"run-{number}"
            folder.mkdir()
            try:
                counts = one(program, local.simulator, template, folder, f"f{number}", kind, call, when)
            except Broken as error:
                with lock:
                    broken.append(f"{kind} at {call} number {when} ({folder}): {error}")
                return
            shutil.rmtree(folder)
            with lock:
                for state in ("done", "uncertain", "failed", "cancelled", "rejected"):
                    states[state] = states.get(state, 0) + counts.get(state, 0)

        try:
            with concurrent.futures.ThreadPoolExecutor(workers) as pool:
                list(pool.map(work, enumerate(plan)))
        finally:
            for simulator in simulators:
                simulator.close()
        if broken:
            raise Broken(f"{len(broken)} of {len(plan)}:\n  " + "\n  ".join(broken[:10]))
    by_kind = ", ".join(f"{sum(1 for item in plan if item[0] == kind)} x {kind.partition('=')[2]}" for kind in KINDS)
    told = ", ".join(f"{count} {state}" for state, count in states.items() if count)
    lasts = sum(1 for item in plan if item[2].endswith("+"))
    return f"{len(plan)} runs ({by_kind}; {lasts} from then on) over {len(calls)} calls of one job in {time.monotonic() - began:.0f} s: 0 lost, 0 paid twice; {told}"


def order(program):
    """What must be on disk before what, as strace tells of a batch: of several jobs, as the first one's sidecar makes a folder, which syncs the films' one."""
    with Scratch() as root:
        calls = trace.after_the_lock(record(program, root, 3))
        said = trace.order_broken(calls)
        if said:
            raise Broken("; ".join(dict.fromkeys(said)))
        return f"{len(calls)} calls of three jobs: everything was on disk before what depends on it"
