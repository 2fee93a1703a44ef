"""Tier P: folders that are unmounted, mounted over, copied, put back or robbed of their files under a daemon that works. Needs root: the folders are bind mounts."""
import os
import random
import re
import shutil
import subprocess
import tempfile
import time

from house import PATIENCE, Broken, House, Scratch, Simulator

PLACES = ("spool", "output", "state")
NAMES = {"spool": "the spool", "output": "the output folder", "state": "the state directory"}   # to people
LOCKS = {"spool": ".lock", "output": ".motionspool.lock", "state": "lock"}
DATABASE = ("motionspool.db", "motionspool.db-wal", "motionspool.db-shm")


def mount(*words):
    subprocess.run(["mount", *map(str, words)], check=True, stderr=subprocess.DEVNULL)


def unmount(point):
    subprocess.run(["umount", "-l", point], check=True, stderr=subprocess.DEVNULL)


def available():
    """@return why it cannot run here; empty if it can"""
    if os.geteuid() != 0:
        return "mounting needs root"
    with tempfile.TemporaryDirectory() as point:
        try:
            mount("--bind", point, point)
            unmount(point)
        except (subprocess.CalledProcessError, OSError):
            return "bind mounts are not allowed here"
    return ""


class Mounted(House):
    """A house whose three folders are mounted, as disks would be."""

    def __init__(self, program, simulator, folder, limits):
        self.disks = folder / "disks"
        root = folder / "root"
        root.mkdir()
        for place in PLACES:
            (self.disks / place).mkdir(parents=True)
            (root / place).mkdir()
            mount("--bind", self.disks / place, root / place)
        super().__init__(program, simulator, root, folder, limits)

    def away(self, place, how):
        """Takes a folder away for a moment. @param how "unmounted" or "covered" by an empty folder"""
        point = self.root / place
        if how == "unmounted":
            unmount(point)
        else:
            mount("-t", "tmpfs", "none", point)
        before = sorted(os.listdir(point))
        self.wait_for_line(f"error {NAMES[place]} \\S+ is (gone|away);")
        if sorted(os.listdir(point)) != before:
            raise Broken(f"something was made in the place of {place} that is {how}: {os.listdir(point)}")
        if how == "unmounted":
            mount("--bind", self.disks / place, point)
        else:
            unmount(point)
        self.wait_for_line(f"info  {NAMES[place]} \\S+ is back\n")

    def wait_for_line(self, pattern):
        """A line of the daemon's log after the last one that was waited for."""
        end = time.monotonic() + PATIENCE
        while True:
            said = (self.scratch / "daemon.log").read_bytes()[self.log_before:]
            found = re.compile(pattern.encode()).search(said, self.told)
            if found:
                self.told = found.end()
                return found
            if time.monotonic() > end or self.daemon.poll() is not None:
                raise Broken(f"the daemon does not say {pattern}: {self.log_tail()}")
            time.sleep(0.05)

    def second_is_refused(self, config):
        said = subprocess.run([self.program, "run", "--config", config], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
                              timeout=PATIENCE, env={"KIE_API_KEY": "torture"})
        if said.returncode != 75 or f"process {self.daemon.pid}" not in said.stdout:
            raise Broken(f"a second daemon ends with {said.returncode}: {said.stdout}")

    def copies_are_refused(self, number):
        """A copied state directory, with the same folders beside it and with its own."""
        copy = self.scratch / f"copy{number}"
        shutil.copytree(self.root / "state", copy, ignore=lambda _, names: [name for name in names if name.endswith("-shm")])
        for own in ((), ("output",), ("spool", "output")):
            text = self.config.read_text().replace(f"{self.root}/state}}", f"{copy}}}")
            for place in own:
                text = text.replace(f"{self.root}/{place}", f"{copy}-{place}")
            config = self.scratch / "copy.yaml"
            config.write_text(text)
            self.second_is_refused(config)

    def rob_locks(self):
        for place, name in LOCKS.items():
            (self.root / place / name).unlink(missing_ok=True)
        self.second_is_refused(self.config)

    def rob_database(self):
        """The database is removed; what the daemon saves of it is put back while it waits."""
        for name in DATABASE:
            (self.root / "state" / name).unlink(missing_ok=True)
        end = time.monotonic() + PATIENCE
        saved = self.wait_for_line("put it back with: motionspool restore (\\S+)\n")[1].decode()
        while True:   # until it waits without the lock
            said = subprocess.run([self.program, "restore", saved, "--config", self.config], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                  text=True, check=False)
            if said.returncode == 0:
                break
            if time.monotonic() > end or said.returncode != 75:
                raise Broken(f"restore ends with {said.returncode}: {said.stdout}")
            time.sleep(0.05)
        self.wait_for_line(" ready: ")

    def launch(self, before=()):
        super().launch(before)
        self.told = 0

    def close(self):
        super().close()
        for place in PLACES:
            subprocess.run(["umount", "-l", self.root / place], stderr=subprocess.DEVNULL, check=False)


def run(program, rounds, seed):
    dice = random.Random(seed)
    began, done = time.monotonic(), {}
    with Scratch() as folder:
        simulator = Simulator(program, folder, latency="2ms..30ms")
        house = Mounted(program, simulator, folder, "submissions: 1000 per 1s, polls: 1000 per 1s, running: 20, downloads: 8")
        acts = [(f"{place} {how}", lambda place=place, how=how: house.away(place, how)) for place in PLACES for how in ("unmounted", "covered")]
        acts += [("locks removed", house.rob_locks), ("database removed", house.rob_database), ("state copied", lambda: house.copies_are_refused(len(done)))]
        try:
            house.move_in()
            house.launch()
            house.wait_until_ready()
            for number in range(rounds):
                house.drop(f"place{number:04}", dice.randint(2, 12))
                if number % 2:
                    simulator.next_submission(3)
                name, act = acts[number % len(acts)]
                act()
                done[name] = done.get(name, 0) + 1
                house.note_receipts()
                if number % 5 == 4:
                    house.kill()
                    house.launch()
                    house.wait_until_ready()
            house.settle()
            house.stop()
            counts = house.verdict()
        finally:
            house.close()
            simulator.close()
    told = ", ".join(f"{count} x {name}" for name, count in done.items())
    return (f"{rounds} rounds ({told}) in {time.monotonic() - began:.0f} s: {counts['jobs']} jobs, 0 lost, {counts['tasks']} tasks, 0 paid twice, "
            f"{counts.get('done', 0)} done, {counts.get('uncertain', 0)} uncertain, nothing made in the place of what was away")
