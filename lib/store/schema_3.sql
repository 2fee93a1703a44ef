-- Version 3: what is identified is the thing, not its copy; prices where they are used; a drop known by what it renders.

-- Ends that are counted apart from tries, whatever limits.attempts says: 'field-required' (a refusal that comes and goes), 'unexplained' (a task that failed in
-- words nobody knows; `outcome` has them).
ALTER TABLE attempts ADD COLUMN oddity TEXT CHECK (oddity IS NULL OR oddity = 'field-required' OR oddity = 'unexplained');
ALTER TABLE jobs ADD COLUMN odd_after INTEGER NOT NULL DEFAULT 0;  -- the last attempt before a person's `retry`: older ones do not count

-- Prices where they are used: what a job costs follows from its length, its mode, the configuration of the moment and the charges that were seen.
-- What a model's videos were charged (domain/price.hpp), whole amounts for whole lengths.
CREATE TABLE charges (
  model       TEXT NOT NULL,
  mode        TEXT NOT NULL CHECK (mode = '720p' OR mode = '1080p'),
  turn        INTEGER NOT NULL,              -- 0: known; else the first, second one in a row that was cheaper than what is known
  length_ms   INTEGER NOT NULL,
  cost        INTEGER NOT NULL,
  PRIMARY KEY (model, mode, turn, length_ms)
) STRICT, WITHOUT ROWID;
-- The charges behind the surcharges of before: the dearest of each whole second among those that were no dearer than what was left of the surcharge.
INSERT OR REPLACE INTO charges (model, mode, turn, length_ms, cost)
  SELECT coalesce(iif(json_valid(a.request), json_extract(a.request, '$.model'), ''), ''), j.mode, 0, j.length_ms, max(a.consumed)
    FROM attempts a JOIN jobs j ON j.id = a.job JOIN surcharges s ON s.mode = j.mode
   WHERE a.state = 'succeeded' AND a.consumed * 1000 <= j.estimate * s.permille
   GROUP BY 1, j.mode, (j.length_ms + 999) / 1000;
DROP TABLE surcharges;
DELETE FROM meta WHERE key = 'prices';
DROP INDEX jobs_cheapest;
ALTER TABLE jobs DROP COLUMN estimate;
-- Does anything of it fit into what is left?
CREATE INDEX jobs_shortest ON jobs (batch, mode, length_ms) WHERE state = 'queued';

-- A drop known by what it would render (domain/render.hpp), however it is written. A fingerprint that begins with "1:" is SHA-256 over `run` and the sorted
-- renders of its jobs; what begins otherwise is of version 2 and is made anew from the rows when the daemon starts.
ALTER TABLE jobs ADD COLUMN render TEXT NOT NULL DEFAULT '';        -- SHA-256 of what is rendered, provider.model included; '': invalid, or not known yet
-- Is this rendered already?
CREATE INDEX jobs_by_render ON jobs (render) WHERE render <> '';

-- Which API key made an attempt: the first 16 digits of HMAC-SHA256, by that key, of a fixed text and this installation's state id; nobody gets the key back,
-- nor sees that two installations have the same. '': of before, perhaps this one. A key that knows the tasks of another one takes its place.
ALTER TABLE attempts ADD COLUMN key TEXT NOT NULL DEFAULT '';
-- Why a task under way does not get on, one row a job; until it is known again, or over.
CREATE TABLE task_troubles (
  job         INTEGER PRIMARY KEY REFERENCES jobs,
  text        TEXT NOT NULL,
  until       INTEGER NOT NULL,              -- asked again then
  since       INTEGER NOT NULL
) STRICT;
-- The booking of an attempt made while a clock was wrong is moved to the day on which both clocks agreed again: its rows in `bookings` name other accounts
-- then, and accounts of dates that never were stay at 0. An account is the sum over the attempts booked to it; `ledger.day` is the date of the reservation as
-- it was thought to be, and counts for no budget.
