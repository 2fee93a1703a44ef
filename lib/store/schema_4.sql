-- Version 4: what was paid for reaches a person.

-- Why a task under way does not get on: the provider does not know it, or refuses the API key.
ALTER TABLE task_troubles ADD COLUMN why TEXT NOT NULL DEFAULT 'unknown' CHECK (why = 'unknown' OR why = 'refused');
