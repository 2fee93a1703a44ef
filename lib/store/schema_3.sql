-- Version 3: what is identified is the thing, not its copy; prices where they are used; a drop known by what it renders.

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
