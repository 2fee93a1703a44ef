"""Tier G: the provider's gateway answers every createTask with 504 for a while, and makes the tasks all the same."""
import json
import time
import urllib.request

from house import PATIENCE, Broken, House, Scratch, Simulator

JOBS, HANDFUL = 200, 10


def tell(simulator, rate):
    request = urllib.request.Request(simulator.url + "/sim/faults", json.dumps({"504": rate}).encode(), {"User-Agent": "torture"})
    urllib.request.urlopen(request).close()


def run(program, seconds):
    with Scratch() as folder:
        simulator = Simulator(program, folder, "200ms..500ms")
        house = House(program, simulator, folder, folder, "submissions: 20 per 2s, polls: 1000 per 1s, running: 50, downloads: 8")
        try:
            house.move_in()
            house.launch()
            house.drop("outage", JOBS)
            end = time.monotonic() + PATIENCE
            while sum(1 for line in simulator.lines() if line["kind"] == "createTask") < JOBS // 10:
                if time.monotonic() > end:
                    raise Broken(f"hardly any submission in {PATIENCE} s: {house.log_tail()}")
                time.sleep(0.02)
            tell(simulator, 1)
            time.sleep(seconds)
            tell(simulator, 0)
            over = time.monotonic()
            house.settle()
            house.stop()
            counts = house.verdict()
        finally:
            house.close()
            simulator.close()
    uncertain = counts.get("uncertain", 0)
    if uncertain > HANDFUL or counts.get("done", 0) + uncertain != JOBS:
        raise Broken(f"{uncertain} of {JOBS} jobs are uncertain and {counts.get('done', 0)} done after {seconds} s of 504")
    return (f"{seconds} s of 504 to every createTask cost {uncertain} uncertain jobs of {JOBS}; {counts['done']} done by themselves, "
            f"{time.monotonic() - over:.0f} s after it was over; {counts['tasks']} tasks, 0 lost, 0 paid twice")
