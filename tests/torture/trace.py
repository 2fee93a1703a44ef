"""strace: recording what one job does, and what must have come before what."""
import re
import shutil
import subprocess

LINE = re.compile(r"^(?:\d+ +)?(\w+)\((.*)\) += (-?\d+|\?)")
DATABASE, MONEY = "motionspool.db-wal", "motionspool.money"


def available():
    """@return why strace cannot be used; empty if it can"""
    if shutil.which("strace") is None:
        return "strace is not installed (scripts/setup test)"
    tried = subprocess.run(["strace", "-o", "/dev/null", "true"], stderr=subprocess.PIPE, text=True, check=False)
    return "" if tried.returncode == 0 else f"tracing is not permitted here: {tried.stderr.strip()}"


class Call:
    """One system call of the daemon's own thread; `number` counts those of its name, from 1, as strace does."""

    def __init__(self, name, arguments, result, number):
        self.name, self.arguments, self.result, self.number = name, arguments, result, number


def read(path):
    counts, calls = {}, []
    for line in path.read_text(errors="replace").splitlines():
        found = LINE.match(line)
        if not found:
            continue
        name = found[1]
        counts[name] = counts.get(name, 0) + 1
        calls.append(Call(name, found[2], found[3], counts[name]))
    return calls


def after_the_lock(calls):
    """What the daemon does once it is alone on its state directory: before that there is nothing it could break."""
    start = next(n for n, call in enumerate(calls) if call.name == "openat" and "/state/lock" in call.arguments)
    return calls[start + 1:]


def order_broken(calls):
    """@return what was not on disk when it had to be; empty if all was. The rules: the database and the money side-file before a paid request, a film before
    its name, its folder before its batch is called finished, the database before a receipt."""
    dirty, named_in, said = set(), set(), []
    paid, told = 0, False

    def file_in(text):
        found = re.match(r"-?\w+<([^>]*)>", text)
        return found[1] if found else ""

    for call in calls:
        path = file_in(call.arguments)
        if call.name in ("write", "pwrite64", "writev"):
            told = told or (path.endswith(MONEY) and "highest" in call.arguments)
            dirty.add(path)
        elif call.name in ("fsync", "fdatasync"):
            dirty.discard(path)
            named_in.discard(path)
        elif call.name in ("sendto", "sendmsg") and "/jobs/createTask" in call.arguments:
            paid += 1
            for name in (DATABASE, MONEY):
                said.extend(f"a paid request was sent before {file} was synced" for file in dirty if file.endswith(name))
            if not told:
                said.append("a paid request was sent before the money side-file told of it")
        elif call.name in ("renameat2", "rename", "renameat", "link", "linkat"):
            if ".mp4" in call.arguments:
                part = re.search(r'"([^"]*\.part)"', call.arguments)
                said.extend(f"{file} got its name before it was synced" for file in dirty if part and file == part[1])
                final = re.findall(r'"([^"]*)"', call.arguments)[-1]
                named_in.add(final.rpartition("/")[0])
            if "finished" in call.arguments:
                said.extend(f"a batch was called finished before its films' folder {folder} was synced" for folder in named_in)
            if "accepted" in call.arguments and "finished" not in call.arguments:
                said.extend("a receipt was given before the database was synced" for file in dirty if file.endswith(DATABASE))
    if paid == 0:
        said.append("no paid request was seen")
    return said
