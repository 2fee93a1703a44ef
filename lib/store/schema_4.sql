-- Version 4: what was paid for reaches a person.

-- Why a task under way does not get on: the provider does not know it, or refuses the API key.
ALTER TABLE task_troubles ADD COLUMN why TEXT NOT NULL DEFAULT 'unknown' CHECK (why = 'unknown' OR why = 'refused');

-- Of an overdue attempt: how many late questions, one an hour, were answered without news of its end. Those that nobody answered do not count.
ALTER TABLE attempts ADD COLUMN asked_late INTEGER NOT NULL DEFAULT 0;
UPDATE attempts SET asked_late = 72 WHERE state = 'overdue' AND closed < (CAST(strftime('%s', 'now') AS INTEGER) - 3 * 86400) * 1000;
