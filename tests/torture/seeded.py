#!/usr/bin/env python3
"""Tests the tests: makes each mistake that a build with MOTIONSPOOL_SEEDED_BUGS knows, and runs the test that must find it. scripts/torture --seeded calls this.

Usage: seeded.py BUILD      prints a table; exit code 0 if every mistake is found, and no test complains without one
"""
import os
import pathlib
import subprocess
import sys

sys.dont_write_bytecode = True

HERE = pathlib.Path(__file__).resolve().parent
ORDER = "torture: order"
# The mistake; the program of the test; its name
BUGS = [
    ("no-file-fsync", ORDER, "a film is on disk before it gets its name"),
    ("no-folder-fsync", ORDER, "a film's folder is on disk before its batch is called finished"),
    ("normal-for-full", "test-store", "every commit is synced: WAL and synchronous=FULL are read back, foreign keys are on"),
    ("post-before-armed", "test-app", "at whatever commit the process ends, before or after it is on disk, nothing is lost and nothing is paid twice"),
    ("armed-is-unsent", "test-app", "at whatever call the process ends, the next one finishes the work, and only submissions then under way are uncertain"),
    ("resend-on-silence", "test-app", "whatever call the network spoils, every job ends well or is uncertain, and none is paid twice"),
    ("uncertain-as-refused", "test-app", "whatever call the network spoils, every job ends well or is uncertain, and none is paid twice"),
    ("word-as-proof", "test-domain", "what was measured to cost a task twice, or to lose one, proves nothing now"),
    ("witness-after-send", "test-app", "the witness knows a submission before its first byte leaves, in both places"),
    ("task-not-kept", "test-app", "a task whose answer cannot be recorded is kept by the witness and adopted at the next start"),
    ("restore-unnoticed", "test-app",
     "a database put back from before submissions: nothing is submitted, what it knows is followed, until a person ends the quarantine"),
    ("overwrite", "test-spool", "a name that is being taken already gets a number, and nothing is overwritten"),
    ("reservation-kept", "test-domain", "what was not sent, or refused, gives the reservation back"),
    ("retry-what-cost", "test-domain", "no interleaving of crashes, lost answers and late evidence charges a job twice"),
    ("rate-from-send", "test-domain", "no window of the server ever holds more than the limit, whatever network and restarts do"),
    ("rate-forgotten", "test-domain", "no window of the server ever holds more than the limit, whatever network and restarts do"),
    ("unsigned-callback", "test-web", "no forgery of the signature passes"),
    ("adopt-anything", "test-app", "another job's task is not adopted, whether it is known whose it is or not"),
    ("eof-is-complete", "test-http", "what is no answer, or one whose end cannot be told, is a problem"),
]


def command(build, program, name):
    if program == ORDER:
        return [sys.executable, HERE / "torture.py", build / "motionspool", "--tiers", "O"]
    return [build / "tests" / program, "--test-case=" + name.replace(",", "\\,")]


def passes(build, program, name, bug):
    """@return whether the test finds nothing"""
    environment = {**os.environ, **({"MOTIONSPOOL_BUG": bug} if bug else {})}
    said = subprocess.run(command(build, program, name), env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=600)
    if "SKIPPED" in said.stdout or "test cases: 0" in said.stdout:
        raise SystemExit(f"the test cannot run: {program}, {name}\n{said.stdout}")
    return said.returncode == 0


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    rows, good = [], True
    innocent = {}
    for bug, program, name in BUGS:
        if (program, name) not in innocent:
            innocent[program, name] = passes(build, program, name, "")
        caught = not passes(build, program, name, bug)
        verdict = "caught" if caught and innocent[program, name] else "NOT CAUGHT" if not caught else "THE TEST FAILS WITHOUT IT, TOO"
        good &= verdict == "caught"
        rows.append(f"{bug:<22} {verdict:<12} {program}: {name}")
        print(rows[-1], flush=True)
    print(f"{sum(' caught ' in row for row in rows)} of {len(rows)} mistakes are caught")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
