-- Version 3: what is identified is the thing, not its copy; prices where they are used; a drop known by what it renders.

-- Ends that are counted apart from tries, whatever limits.attempts says: 'field-required' (a refusal that comes and goes), 'unexplained' (a task that failed in
-- words nobody knows; `outcome` has them).
ALTER TABLE attempts ADD COLUMN oddity TEXT CHECK (oddity IS NULL OR oddity = 'field-required' OR oddity = 'unexplained');
ALTER TABLE jobs ADD COLUMN odd_after INTEGER NOT NULL DEFAULT 0;  -- the last attempt before a person's `retry`: older ones do not count
