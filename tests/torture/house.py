"""A spool, an output and a state directory, the simulator, the daemon between them, and the oracles: what the simulator wrote down, what lies on disk
and what the daemon says are three histories, and they are compared. The daemon's word is never taken for itself."""
import collections
import contextlib
import ctypes
import hashlib
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import time

MEDIA = pathlib.Path(__file__).resolve().parents[2] / "config" / "examples" / "felt-animals"
FILES = ["fox.png", "bear.jpg", "wave.mp4", "jump.mp4"]
ENDED = {"done", "failed", "cancelled"}
PATIENCE = 120   # seconds
ENVIRONMENT = {"KIE_API_KEY": "torture", **{key: value for key, value in os.environ.items() if key == "MOTIONSPOOL_BUG"}}
LIBC = ctypes.CDLL(None)


class Broken(Exception):
    """A promise was not kept."""


def dies_with_parent():
    LIBC.prctl(1, signal.SIGKILL)   # PR_SET_PDEATHSIG


def sha256_of(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_durably(path, data):
    with open(path, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(path):
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    os.fsync(descriptor)
    os.close(descriptor)


def free_port():
    """One that the kernel hands to nobody by itself, so that it is still free when the daemon binds it, at every start."""
    while True:
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", random.SystemRandom().randrange(20000, 32000))) as server:
            return server.getsockname()[1]


def webhook_on(port):
    return f'webhook: {{public_url: "http://127.0.0.1:{port}", listen: "127.0.0.1:{port}"}}\n'


class Simulator:
    """A provider with its journal; may serve several houses, one after the other."""

    def __init__(self, program, folder, duration="50ms..200ms", latency="0ms..0ms"):
        self.path = folder / "journal"
        self.log = open(folder / "simulator.log", "ab")
        command = [program, "simulate", "--no-fsync", "--journal", self.path, "--duration", duration, "--latency", latency, "--rate", "none",
                   "--balance", "100000000"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self.log, text=True, preexec_fn=dies_with_parent)
        self.url = self.process.stdout.readline().removeprefix("listening on ").strip()

    def close(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        self.log.close()

    def lines(self):
        if not self.path.exists():
            return []
        text = self.path.read_text()
        return [json.loads(line) for line in text[:text.rfind("\n") + 1].splitlines()]


    def next_submission(self, patience):
        """Waits until one more createTask has arrived; its answer is still to come, if there is some latency. @return whether one did"""
        end = time.monotonic() + patience
        with open(self.path, "rb") as journal:
            journal.seek(0, os.SEEK_END)
            while time.monotonic() < end:
                if b'"kind":"createTask"' in journal.read():
                    return True
                time.sleep(0.001)
        return False


class House:
    """One set of directories. @param root where they lie; @param scratch for what a power cut must not take; @param callbacks has the provider call back"""

    def __init__(self, program, simulator, root, scratch, limits, callbacks=False):
        self.program, self.simulator, self.root, self.scratch = program, simulator, root, scratch
        self.daemon = None
        self.drops = {}     # name of the batch: number of jobs
        self.receipts = set()
        self.log_before = 0
        for name in ("spool", "output", "state", "spool/incoming"):
            (root / name).mkdir(exist_ok=True)
        self.config = scratch / "motionspool.yaml"
        self.config.write_text(f"""instance: torture
spool: {{directory: {root}/spool, settle: 100ms, patience: 1s, rescan: 1s}}
output: {{directory: {root}/output, keep_free: 1MB}}
state: {{directory: {root}/state}}
provider: {{api_url: "{simulator.url}", upload_url: "{simulator.url}"}}
credits: {{ask_above: none}}
limits: {{{limits}}}
log: {{level: debug}}
{webhook_on(free_port()) if callbacks else ""}""")

    def move_in(self):
        """Lets the daemon make the spool its own, which it does in an empty one only."""
        self.launch()
        self.stop()

    def launch(self, before=()):
        """@param before words of a command that runs the daemon"""
        with open(self.scratch / "daemon.log", "ab") as log:
            self.log_before = log.tell()
            self.daemon = subprocess.Popen([*before, self.program, "run", "--config", self.config], stdout=log, stderr=log, env=ENVIRONMENT,
                                           preexec_fn=dies_with_parent)

    def signal(self, number):
        """To the daemon, whatever it runs under: strace keeps signals to itself, and would leave it running. It may end at any moment, and strace may not have
        begun it yet. @return whether there was one to send it to"""
        proc = pathlib.Path(f"/proc/{self.daemon.pid}")
        while self.daemon.poll() is None:   # not reaped, so the number is nobody else's
            with contextlib.suppress(ProcessLookupError, FileNotFoundError):
                under = (proc / "comm").read_text().strip() == "strace"
                pids = (proc / f"task/{self.daemon.pid}/children").read_text().split() if under else [self.daemon.pid]
                for pid in pids:
                    os.kill(int(pid), number)
                if pids:
                    return True
            time.sleep(0.005)
        return False

    def end(self):
        """Whether it runs or has ended: it is over when this returns. What strace tries itself out with before it begins the daemon is its child, too: once is
        not enough."""
        while self.daemon is not None and self.signal(signal.SIGKILL):
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.daemon.wait(0.1)

    def kill(self):
        """A daemon that must be running: one that ended by itself broke a promise, even if it did so a moment before."""
        self.end()
        if self.daemon.returncode != -signal.SIGKILL:
            raise Broken(f"the daemon ended by itself with {self.daemon.returncode}: {self.log_tail()}")

    def wait_until_ready(self):
        end = time.monotonic() + PATIENCE
        while b" ready: " not in (self.scratch / "daemon.log").read_bytes()[self.log_before:]:
            if time.monotonic() > end or self.daemon.poll() is not None:
                raise Broken(f"the daemon does not get ready: {self.log_tail()}")
            time.sleep(0.01)

    def stop(self):
        self.wait_until_ready()
        if not self.signal(signal.SIGTERM) or self.daemon.wait(PATIENCE) != 0:
            raise Broken(f"the daemon ended with {self.daemon.returncode}: {self.log_tail()}")

    def log_tail(self):
        return (self.scratch / "daemon.log").read_text(errors="replace")[-1500:]

    def drop(self, name, jobs):
        """A folder drop with everything in it durable, renamed in."""
        incoming = self.root / "spool" / "incoming"
        hidden = incoming / f".{name}"
        hidden.mkdir()
        for file in FILES:
            write_durably(hidden / file, (MEDIA / file).read_bytes())
        rows = [f"  - {{id: j{n:03}, image: {FILES[n % 2]}, motion: {FILES[2 + n // 2 % 2]}, prompt: {name} {n:03}}}\n" for n in range(jobs)]
        write_durably(hidden / "manifest.yaml", ("version: 1\njobs:\n" + "".join(rows)).encode())
        sync_folder(hidden)
        hidden.rename(incoming / name)
        sync_folder(incoming)
        self.drops[name] = jobs

    def note_receipts(self):
        """A drop that has been seen in accepted/ or finished/ is accepted for good."""
        for place in ("accepted", "finished"):
            folder = self.root / "spool" / place
            if folder.is_dir():
                self.receipts.update(name for name in os.listdir(folder) if name in self.drops)

    def jobs(self):
        said = subprocess.run([self.program, "jobs", "--json", "--config", self.config], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
        if said.returncode in (66, 69):
            return []
        if said.returncode != 0:
            raise Broken(f"`jobs` ends with {said.returncode}: {said.stderr}")
        return json.loads(said.stdout)

    def rejected(self):
        folder = self.root / "spool" / "rejected"
        return {name for name in os.listdir(folder) if name in self.drops} if folder.is_dir() else set()

    def settle(self):
        """Waits until every drop is answered and every job has ended or is held. @return the jobs"""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if self.daemon.poll() is not None:
                raise Broken(f"the daemon ended by itself with {self.daemon.returncode}: {self.log_tail()}")
            rows = self.jobs()
            answered = {row["batch"] for row in rows} | self.rejected()
            if answered >= set(self.drops) and all(row["state"] in ENDED or row["state"] == "uncertain" for row in rows):
                return rows
            time.sleep(0.4)
        states = collections.Counter(row["state"] for row in self.jobs())
        raise Broken(f"not all is settled after {PATIENCE} s: {dict(states)}; drops {sorted(set(self.drops) - answered)} have no answer: {self.log_tail()}")

    def wait_until_reported(self, name):
        report, end = self.root / "spool" / "finished" / f"{name}.report.txt", time.monotonic() + PATIENCE
        while not report.exists():
            if time.monotonic() > end or self.daemon.poll() is not None:
                raise Broken(f"{name} gets no report: {self.log_tail()}")
            time.sleep(0.05)

    def films(self):
        return sorted((self.root / "output").rglob("*.mp4"))

    def check_films(self, lines):
        """Every film under its final name is one that was served, whole."""
        served = {line["sha256"] for line in lines if line["kind"] == "result" and line.get("sha256")}
        for film in self.films():
            if not film.name.startswith(".") and sha256_of(film) not in served:
                raise Broken(f"{film} ({film.stat().st_size} bytes) is not what was served")

    def verdict(self, window=None):
        """Compares the histories once all is settled and the daemon has ended. @param window (count, milliseconds) that createTask must keep
        @return counts for the one line that is printed"""
        rows, lines = self.jobs(), self.simulator.lines()
        self.note_receipts()
        mine = {f"{name} {n:03}" for name, count in self.drops.items() for n in range(count)}
        tasks = collections.defaultdict(list)
        for line in lines:
            if line["kind"] == "createTask" and line.get("accepted") and line["prompt"] in mine:
                tasks[line["prompt"]].append(line)
        for prompt, several in tasks.items():
            if len(several) > 1:
                raise Broken(f"{prompt} was paid {len(several)} times")
        self.check_lost(rows)
        self.check_money(rows, lines, tasks)
        self.check_results(rows, lines)
        self.check_database()
        peak = busiest([line["mono_ms"] for line in lines if line["kind"] == "createTask" and line["prompt"] in mine], window[1]) if window else 0
        if window and peak > window[0]:
            raise Broken(f"{peak} submissions within {window[1]} ms, where {window[0]} are allowed")
        states = collections.Counter(row["state"] for row in rows)
        return {"jobs": len(rows), "tasks": len(tasks), "peak": peak, "rejected": len(self.rejected()), **states}

    def check_lost(self, rows):
        seen = collections.Counter(row["batch"] for row in rows)
        for name in self.receipts:
            if seen[name] != self.drops[name]:
                raise Broken(f"{name} was accepted with {self.drops[name]} jobs, and {seen[name]} are known")
        for row in rows:
            if row["state"] not in ENDED and row["state"] != "uncertain":
                raise Broken(f"{row['batch']}/{row['job']} is left {row['state']}")
            if row["state"] == "failed" and not row["error"]:
                raise Broken(f"{row['batch']}/{row['job']} failed without a reason")

    def check_money(self, rows, lines, tasks):
        """What the account paid is what the ledger says, but for tasks whose answer was lost: those are still reserved."""
        paid = collections.Counter()
        owner = {line["task"]: prompt for prompt, several in tasks.items() for line in several}
        for prompt, several in tasks.items():
            paid[prompt] += several[0]["charged"]
        for line in lines:
            if line["kind"] == "ended" and line["task"] in owner:
                paid[owner[line["task"]]] += line["charged"] - line["returned"]
        for row in rows:
            prompt = row["prompt"]
            spent, reserved = round(row["credits_spent"] * 1000), round(row["credits_reserved"] * 1000)
            if row["state"] == "uncertain":
                if reserved < paid[prompt] or spent:
                    raise Broken(f"{prompt} is uncertain with {reserved} reserved and {spent} spent; the account paid {paid[prompt]}")
            elif spent != paid[prompt] or reserved:
                raise Broken(f"{prompt} is {row['state']}: the ledger says {spent} spent and {reserved} reserved, the account paid {paid[prompt]}")

    def check_results(self, rows, lines):
        self.check_films(lines)
        served = {line["task"]: line["sha256"] for line in lines if line["kind"] == "result" and line.get("sha256")}
        outputs = set()
        for row in rows:
            if row["state"] != "done":
                continue
            film = pathlib.Path(row["output"])
            outputs.add(film)
            if not film.is_file() or sha256_of(film) != served.get(row["task"]):
                raise Broken(f"{row['batch']}/{row['job']} is done, and {film} is not its video")
        if set(self.films()) != outputs:
            raise Broken(f"films that no job has: {set(self.films()) - outputs}")
        parts = list((self.root / "output").rglob("*.part"))
        if parts:
            raise Broken(f"left over: {parts}")

    def check_database(self):
        with sqlite3.connect(f"file:{self.root}/state/motionspool.db?mode=ro", uri=True) as database:
            said = database.execute("PRAGMA integrity_check").fetchone()[0]
            quarantine = database.execute("SELECT value FROM meta WHERE key = 'quarantine'").fetchone()
        database.close()
        if said != "ok":
            raise Broken(f"the database: {said}")
        if quarantine:
            raise Broken(f"the daemon takes its own database for an old one: {quarantine[0]}")

    def close(self):
        self.end()


def busiest(moments, length):
    """The most of these moments in any window (t - length, t]."""
    moments, most, first = sorted(moments), 0, 0
    for last, moment in enumerate(moments):
        while moments[first] <= moment - length:
            first += 1
        most = max(most, last - first + 1)
    return most


class Scratch:
    """A temporary folder; kept if something went wrong in it."""

    def __enter__(self):
        self.path = pathlib.Path(tempfile.mkdtemp(prefix="motionspool-torture-"))
        return self.path

    def __exit__(self, kind, *_):
        if kind is None:
            shutil.rmtree(self.path, ignore_errors=True)
        else:
            print(f"torture: everything of it is kept in {self.path}", flush=True)


def self_test():
    """A daemon may end at any moment, also just before somebody ends it."""
    with Scratch() as folder:
        house = House.__new__(House)
        house.scratch = folder
        (folder / "daemon.log").touch()

        def begin(*command, ended=False):
            house.daemon = subprocess.Popen(command, preexec_fn=dies_with_parent)
            if ended:
                os.waitid(os.P_PID, house.daemon.pid, os.WEXITED | os.WNOWAIT)

        begin("true", ended=True)
        house.end()
        house.close()
        assert house.daemon.returncode == 0 and not house.signal(signal.SIGTERM)
        begin("true", ended=True)
        try:
            house.kill()
            raise SystemExit("a daemon that ended by itself was killed without a word")
        except Broken:
            pass
        begin("sleep", "1000")
        house.kill()
        if shutil.which("strace") is not None:
            for _ in range(20):   # strace may have begun it, or not yet
                begin("strace", "-qq", "-o", "/dev/null", "sleep", "1000")
                house.end()
            for _ in range(20):   # or it has just ended
                begin("strace", "-qq", "-o", "/dev/null", "true")
                house.end()


if __name__ == "__main__":
    self_test()
