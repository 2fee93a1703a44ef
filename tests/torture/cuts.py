"""Tier C: power cuts. Spool, output and state lie on a filesystem in a file, which is shut down so that everything not synced is gone."""
import contextlib
import fcntl
import os
import random
import shutil
import struct
import subprocess
import time

from house import House, Scratch, Simulator

SHUTDOWN, WITHOUT_JOURNAL = 0x8004587D, 2   # linux: _IOR('X', 125, __u32), EXT4_GOING_FLAGS_NOLOGFLUSH; xfs has the same ones
MAKE = {"ext4": ["mkfs.ext4", "-q", "-F"], "xfs": ["mkfs.xfs", "-q", "-f"]}
SIZE = {"ext4": 160 << 20, "xfs": 320 << 20}


class Disk:
    def __init__(self, folder, kind):
        self.image, self.point = folder / "disk", folder / "mounted"
        self.point.mkdir()
        with open(self.image, "wb") as file:
            file.truncate(SIZE[kind])
        subprocess.run([*MAKE[kind], self.image], check=True, stdout=subprocess.DEVNULL)
        self.mount()

    def mount(self):
        subprocess.run(["mount", "-o", "loop", self.image, self.point], check=True, stderr=subprocess.DEVNULL)

    def cut(self):
        descriptor = os.open(self.point, os.O_RDONLY)
        try:
            fcntl.ioctl(descriptor, SHUTDOWN, struct.pack("I", WITHOUT_JOURNAL))
        finally:
            os.close(descriptor)

    def unmount(self):
        for _ in range(50):
            if subprocess.run(["umount", self.point], stderr=subprocess.DEVNULL, check=False).returncode == 0:
                return
            time.sleep(0.1)
        raise SystemExit(f"torture: cannot unmount {self.point}")


def available(kind):
    """@return why there can be no cuts here; empty if there can"""
    if os.geteuid() != 0:
        return "mounting needs root"
    if shutil.which(MAKE[kind][0]) is None:
        return f"{MAKE[kind][0]} is not installed"
    with contextlib.suppress(subprocess.CalledProcessError, OSError), Scratch() as folder:
        disk = Disk(folder, kind)
        disk.cut()
        disk.unmount()
        return ""
    return f"{kind} in a file cannot be mounted or shut down here"


def run(program, cuts, kind, seed):
    dice = random.Random(seed)
    began = time.monotonic()
    films = 0
    with Scratch() as folder:
        simulator = Simulator(program, folder)
        disk = Disk(folder, kind)
        house = House(program, simulator, disk.point, folder, "submissions: 1000 per 1s, polls: 1000 per 1s, running: 50, downloads: 8")
        try:
            house.move_in()
            os.sync()
            for number in range(cuts):
                house.launch()
                house.drop(f"cut{number:04}", dice.randint(1, 6))
                time.sleep(dice.uniform(2.4, 3.6) if number % 2 else dice.uniform(0.1, 1.5))
                house.note_receipts()
                disk.cut()
                house.end()   # it may have ended by itself: its disk was gone
                disk.unmount()
                disk.mount()
                house.check_films(simulator.lines())
                films = max(films, len(house.films()))
            house.launch()
            house.settle()
            house.stop()
            counts = house.verdict()
        finally:
            house.close()
            disk.unmount()
            simulator.close()
    return (f"{cuts} {kind} power cuts in {time.monotonic() - began:.0f} s: {counts['jobs']} jobs, 0 lost, {counts['tasks']} tasks, 0 paid twice, "
            f"{counts.get('done', 0)} done with whole films, {counts.get('uncertain', 0)} uncertain, {counts.get('failed', 0)} failed")
