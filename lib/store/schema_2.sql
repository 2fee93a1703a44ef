-- Version 2: evidence for lost answers, budgets, holds and pauses.

-- Evidence. SHA-256 (hex) of the secret in the attempt's callBackUrl; null: it named no callback.
ALTER TABLE attempts ADD COLUMN callback TEXT;
CREATE UNIQUE INDEX attempts_callback ON attempts (callback) WHERE callback IS NOT NULL;
-- Tasks that genuine callbacks named for an attempt that has none, or another. None is believed before recordInfo was asked.
CREATE TABLE hints (
  attempt     INTEGER NOT NULL REFERENCES attempts,
  task        TEXT NOT NULL,
  at          INTEGER NOT NULL,              -- instant of the callback
  verdict     TEXT,                          -- for people; null: still to be looked into
  PRIMARY KEY (attempt, task)
) STRICT, WITHOUT ROWID;
CREATE INDEX hints_open ON hints (attempt) WHERE verdict IS NULL;

-- A batch's place in line and its purse, as its author and the operator set them.
ALTER TABLE batches ADD COLUMN share TEXT NOT NULL DEFAULT '';      -- '': the batch is its own
ALTER TABLE batches ADD COLUMN window TEXT NOT NULL DEFAULT '';     -- '': at any time
ALTER TABLE batches ADD COLUMN budget INTEGER;                      -- null: none
ALTER TABLE batches ADD COLUMN review INTEGER NOT NULL DEFAULT 0;   -- 1: estimated above credits.ask_above, waits for `release`
ALTER TABLE batches ADD COLUMN held INTEGER NOT NULL DEFAULT 0;     -- 1: `hold`; what runs goes on
ALTER TABLE jobs ADD COLUMN held INTEGER NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN released INTEGER NOT NULL DEFAULT 0;    -- instant of the last `release`: no failure before it counts for a breaker
-- 1: cancelled with --discard while something was paid for; what arrives is settled and not delivered.
ALTER TABLE jobs ADD COLUMN discarded INTEGER NOT NULL DEFAULT 0;

-- `append`: a drop with more jobs for another batch. Its row holds the drop (entry, place, manifest, fingerprint); its name_key is the batch's, a slash and a
-- number. Its jobs are the batch's from the moment it is open; its own are those of the batch that they replaced, cancelled, with a name_key of no use. It is
-- filed when the batch is.
ALTER TABLE batches ADD COLUMN appends INTEGER REFERENCES batches;  -- null: a batch
CREATE INDEX batches_appended ON batches (appends) WHERE appends IS NOT NULL;

-- What was doubtful about a drop when it was accepted, as its author is told: "manifest.yaml:3:12: warning: …".
CREATE TABLE warnings (
  batch       INTEGER NOT NULL REFERENCES batches,
  text        TEXT NOT NULL
) STRICT;
CREATE INDEX warnings_of ON warnings (batch);

-- Line by line: which goes next? The order of batches is the queue's, within one it is age.
DROP INDEX jobs_queue;
CREATE INDEX jobs_queued ON jobs (batch, id) WHERE state = 'queued';
-- Does anything of it fit into what is left?
CREATE INDEX jobs_cheapest ON jobs (batch, estimate) WHERE state = 'queued';

-- The breaker's memory: what an attempt was made from (SHA-256, or the URL), and, once it has ended and says something about that, how:
-- '' it succeeded, else the failure's code.
ALTER TABLE attempts ADD COLUMN image TEXT NOT NULL DEFAULT '';
ALTER TABLE attempts ADD COLUMN motion TEXT NOT NULL DEFAULT '';
ALTER TABLE attempts ADD COLUMN unusable INTEGER NOT NULL DEFAULT 0;  -- its result was missing or broken for good: another attempt's goes before it
ALTER TABLE attempts ADD COLUMN cause TEXT;
UPDATE attempts SET
  image = (SELECT iif(i.sha256 = '', i.source, i.sha256) FROM jobs j JOIN inputs i ON i.id = j.image WHERE j.id = attempts.job),
  motion = (SELECT iif(i.sha256 = '', i.source, i.sha256) FROM jobs j JOIN inputs i ON i.id = j.motion WHERE j.id = attempts.job),
  cause = iif(state = 'succeeded', '', NULL);
DROP INDEX attempts_open;
CREATE INDEX attempts_open ON attempts (state, armed, estimate) WHERE state = 'armed' OR state = 'submitted' OR state = 'uncertain' OR state = 'overdue';
CREATE INDEX attempts_by_image ON attempts (image, id) WHERE cause IS NOT NULL;
CREATE INDEX attempts_by_motion ON attempts (motion, id) WHERE cause IS NOT NULL;

-- How much more than estimated the provider has charged, in thousandths of the estimate; a mode without a row is charged as estimated.
CREATE TABLE surcharges (
  mode        TEXT PRIMARY KEY,
  permille    INTEGER NOT NULL CHECK (permille > 1000),
  below       INTEGER NOT NULL DEFAULT 0,       -- videos in a row that cost less
  dearest     INTEGER NOT NULL DEFAULT 1000     -- of those
) STRICT, WITHOUT ROWID;

-- What budgets are measured by: everything booked to a name, kept with the ledger, in its transactions.
-- 'batch/17', 'day/2026-11-24', 'share/marketing/2026-11-24', 'window/night/2026-11-24' (a window belongs to the day it begins), and for the fairness of
-- shares an hour since 1970 each: 'turn/marketing/0000498766', 'turn/#17/0000498766' for a batch that is its own share.
CREATE TABLE accounts (
  name        TEXT PRIMARY KEY,
  reserved    INTEGER NOT NULL,              -- held for open attempts
  spent       INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
-- The names one attempt is booked to, from its reservation on.
CREATE TABLE bookings (
  attempt     INTEGER NOT NULL REFERENCES attempts,
  account     TEXT NOT NULL REFERENCES accounts,
  PRIMARY KEY (attempt, account)
) STRICT, WITHOUT ROWID;

-- The account's balance as last read; one row at most.
CREATE TABLE balance (
  id          INTEGER PRIMARY KEY CHECK (id = 1),
  credits     INTEGER NOT NULL,
  at          INTEGER NOT NULL,              -- instant of the answer
  entry       INTEGER NOT NULL               -- the ledger's last entry when the question was sent: what is closed later counts against this balance
) STRICT;

-- How narrow the way to the provider is, one row at most; none: as wide as the limits let it be.
CREATE TABLE narrowing (
  id          INTEGER PRIMARY KEY CHECK (id = 1),
  alone       INTEGER NOT NULL,              -- 1: one submission at a time until one is answered cleanly
  width       INTEGER,                       -- places of the rate window in use; null: all
  troubles    INTEGER NOT NULL,              -- in a row
  uncertain   INTEGER NOT NULL               -- likewise
) STRICT;

-- `pause`: nothing is submitted until `resume`; one row at most.
CREATE TABLE pause (
  id          INTEGER PRIMARY KEY CHECK (id = 1),
  reason      TEXT NOT NULL,
  until       INTEGER,                       -- instant; null: until `resume`
  since       INTEGER NOT NULL
) STRICT;

-- What was reserved and spent before there were accounts.
CREATE TEMP VIEW booked AS
  SELECT l.attempt AS attempt, k.column1 || iif(k.column1 = 'day/', (SELECT day FROM ledger WHERE attempt = l.attempt AND entry = 'reserve'), j.batch) AS account,
         sum(iif(l.entry = 'reserve', l.amount, 0)) * (sum(l.entry = 'release' OR l.entry = 'settle') = 0) AS reserved,
         sum(iif(l.entry = 'settle' OR l.entry = 'adjust', l.amount, 0)) AS spent
  FROM ledger l JOIN attempts a ON a.id = l.attempt JOIN jobs j ON j.id = a.job CROSS JOIN (VALUES ('day/'), ('batch/')) k
  GROUP BY l.attempt, k.column1;
INSERT INTO accounts SELECT account, sum(reserved), sum(spent) FROM booked GROUP BY account;
INSERT INTO bookings SELECT attempt, account FROM booked;
DROP VIEW booked;

-- Why a finished video is not on disk yet, one row a job that is downloading. Of the running daemon; for readers.
CREATE TABLE download_troubles (
  job         INTEGER PRIMARY KEY REFERENCES jobs,
  text        TEXT NOT NULL,
  until       INTEGER NOT NULL,              -- tried again then
  since       INTEGER NOT NULL
) STRICT;
