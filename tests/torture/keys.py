"""Tier X: the configuration changes between any two lives of a daemon that has a queue: prices, budgets, limits, days, folders' names, callbacks."""
import collections
import random
import sqlite3
import time

from house import Broken, House, Scratch, Simulator, free_port, webhook_on

# What each key may become. The simulator charges 11 credits a second whatever stands here; a price below that is learned.
CHOICES = {
    "credits": {"per_second": ["{720p: 11, 1080p: 18}", "{720p: 22, 1080p: 18}", "{720p: 6, 1080p: 9}"], "minimum": ["{720p: 0}", "{720p: 60}"],
                "per_day": ["none", "500", "1500", "100"], "per_month": ["none", "2500"], "day_starts": ['"00:00"', '"12:00"', '"05:30"'],
                "keep_balance": ["0", "1000"], "ask_above": ["none"]},
    "limits": {"submissions": ["5 per 500ms", "1000 per 1s", "none"], "polls": ["1000 per 1s"], "running": ["1", "5", "50"], "uploads": ["1", "4"],
               "downloads": ["1", "8"], "attempts": ["1", "3"], "task_deadline": ["1h", "2h"], "breaker": ["{failures: 1, probe_after: 1s}", "{failures: 5}"],
               "manifest_jobs": ["10", "1000"]},
    "provider": {"upload_ttl": ["1h", "20h"], "result_hosts": ["[kie.ai]", "[aiquickdraw.com, redpandaai.co]"]},
    "spool": {"patience": ["1s", "2s"], "watch": ["auto", "poll"]},
    "output": {"name": ['"{batch}/{job}.mp4"', '"{batch}/again/{job}.mp4"', '"{date}/{batch}-{job}.mp4"']},
}
ZONES = ["UTC", "Europe/Berlin", "Pacific/Auckland", "America/Los_Angeles"]
LAST = {"per_day": "none", "per_month": "none", "running": "50", "keep_balance": "0"}   # everything can end


class Changing(House):
    def change(self, dice, last=False):
        """Writes a configuration by lot. @return what may be spent in all under it; None: no limit"""
        self.chosen = {key: dice.choice(values) for keys in CHOICES.values() for key, values in keys.items()}
        if last:
            self.chosen.update(LAST)
        self.chosen["timezone"] = dice.choice(ZONES)
        places = {"spool": f"directory: {self.root}/spool, settle: 100ms, rescan: 1s", "output": f"directory: {self.root}/output, keep_free: 1MB",
                  "provider": f'api_url: "{self.simulator.url}", upload_url: "{self.simulator.url}"'}
        text = f"instance: torture\nstate: {{directory: {self.root}/state}}\ntimezone: {self.chosen['timezone']}\nlog: {{level: debug}}\n"
        for section, keys in CHOICES.items():
            words = [places[section]] if section in places else []
            text += f"{section}: {{{', '.join(words + [f'{key}: {self.chosen[key]}' for key in keys])}}}\n"
        if dice.random() < 0.5:
            text += webhook_on(free_port())
        self.config.write_text(text)
        limits = [float(self.chosen[key]) for key in ("per_day", "per_month") if self.chosen[key] != "none"]
        return min(limits, default=None)

    def last_entry(self):
        with sqlite3.connect(f"file:{self.root}/state/motionspool.db?mode=ro", uri=True) as database:
            found = database.execute("SELECT coalesce(max(id), 0) FROM ledger").fetchone()[0]
        database.close()
        return found

    def check_budgets(self, lives):
        """No reservation took what is reserved and spent above the budget of the life that made it. The whole takes less than a day, whatever the calendar is
        said to be. @param lives pairs of the ledger's last entry at the end of a life, and its limit"""
        with sqlite3.connect(f"file:{self.root}/state/motionspool.db?mode=ro", uri=True) as database:
            entries = database.execute("SELECT id, attempt, entry, amount FROM ledger ORDER BY id").fetchall()
        database.close()
        reserved, spent, life = collections.Counter(), 0, 0
        for number, attempt, entry, amount in entries:
            while life < len(lives) and number > lives[life][0]:
                life += 1
            if entry == "reserve":
                reserved[attempt] = amount
                limit = lives[life][1] if life < len(lives) else None
                total = spent + sum(reserved.values())
                if limit is not None and total > limit * 1000:
                    raise Broken(f"life {life} may spend {limit} and a reservation of {amount / 1000} took it to {total / 1000}")
                continue
            if entry in ("release", "settle"):
                del reserved[attempt]
            if entry in ("settle", "adjust"):
                spent += amount
        return len(entries)


def run(program, changes, seed):
    dice = random.Random(seed)
    began, lives = time.monotonic(), []
    with Scratch() as folder:
        simulator = Simulator(program, folder, latency="2ms..30ms")
        house = Changing(program, simulator, folder, folder, "running: 1")
        try:
            house.move_in()
            for number in range(changes):
                limit = house.change(dice)
                house.launch()
                house.wait_until_ready()
                house.drop(f"keys{number:04}", dice.randint(2, 9))
                simulator.next_submission(1.5)
                time.sleep(dice.uniform(0, 0.5))
                house.note_receipts()
                if number % 3 == 2:
                    house.kill()
                else:
                    house.stop()
                lives.append((house.last_entry(), limit))
            house.change(dice, last=True)
            house.launch()
            house.settle()
            house.stop()
            counts = house.verdict()
            entries = house.check_budgets(lives)
        finally:
            house.close()
            simulator.close()
    return (f"{changes} changed configurations in {time.monotonic() - began:.0f} s: {counts['jobs']} jobs, 0 lost, {counts['tasks']} tasks, 0 paid twice, "
            f"{entries} entries of the ledger, 0 over a budget; {counts.get('done', 0)} done, {counts.get('uncertain', 0)} uncertain, {counts.get('failed', 0)} failed")
