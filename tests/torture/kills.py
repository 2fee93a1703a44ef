"""Tier K: SIGKILL at random moments and, aimed, between a paid request and its answer, while drops keep coming in and callbacks arrive."""
import random
import time

from house import House, Scratch, Simulator

RATE = (20, 2000)


def lifetime(dice, number):
    """Mostly moments, in which a daemon starts, submits and records; every fifth time long enough to poll and deliver."""
    return dice.uniform(2.2, 3.4) if number % 5 == 4 else dice.uniform(0, 0.6)


def run(program, kills, seed):
    dice = random.Random(seed)
    began, aimed = time.monotonic(), 0
    with Scratch() as folder:
        simulator = Simulator(program, folder, latency="2ms..30ms")
        # Uncertain submissions take places of `running`: there are enough for all of them.
        house = House(program, simulator, folder, folder, f"submissions: {RATE[0]} per {RATE[1]}ms, polls: 1000 per 1s, running: 5000, downloads: 8",
                      callbacks=True)
        try:
            house.move_in()
            house.launch()
            for number in range(kills):
                if number % 4 == 0:
                    house.drop(f"batch{number:04}", dice.randint(1, 12))
                if number % 4 == 1:
                    aimed += simulator.next_submission(3)
                else:
                    time.sleep(lifetime(dice, number))
                house.note_receipts()
                house.kill()
                house.launch()
            house.settle()
            house.stop()
            counts = house.verdict(window=RATE)
        finally:
            house.close()
            simulator.close()
    return (f"{kills} kills, {aimed} of them aimed, in {time.monotonic() - began:.0f} s: {counts['jobs']} jobs, 0 lost, {counts['tasks']} tasks, 0 paid twice, {counts.get('done', 0)} done, "
            f"{counts.get('uncertain', 0)} uncertain, {counts.get('failed', 0)} failed; at most {counts['peak']} submissions in {RATE[1]} ms of {RATE[0]} allowed")
