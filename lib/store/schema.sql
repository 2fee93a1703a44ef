-- The daemon's memory, version 1. One writer (the daemon, which holds the state directory's lock); anyone in the group may read.
-- Instants are milliseconds since 1970 (UTC), boot times milliseconds since boot, amounts thousandths of a credit.
-- More than two literals are written out with OR and AND: for `IN (…)` SQLite builds a table at every write, a third of a job's CPU time.

-- What this database is: state_id names it for good, spool is the directory it has used.
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- One accepted drop.
CREATE TABLE batches (
  id          INTEGER PRIMARY KEY,
  name        TEXT NOT NULL,
  name_key    TEXT NOT NULL UNIQUE,          -- NFC, case folded
  state       TEXT NOT NULL CHECK (state = 'arriving' OR state = 'open' OR state = 'ended' OR state = 'filed'),
                                             -- arriving: its jobs go in by slices, invisible; ended: every job has; filed: moved to finished/
  -- the drop
  entry       TEXT NOT NULL,                 -- its name in .taking/, accepted/ or finished/
  place       TEXT NOT NULL CHECK (place = '.taking' OR place = 'accepted' OR place = 'finished'),
  kind        TEXT NOT NULL CHECK (kind IN ('folder', 'lone')),
  manifest    BLOB NOT NULL,
  fingerprint TEXT NOT NULL,                 -- SHA-256 over the manifest and its inputs
  run         INTEGER NOT NULL,
  -- its author's words
  priority    INTEGER NOT NULL,
  note        TEXT NOT NULL,
  labels      TEXT NOT NULL,                 -- KEY=VALUE lines
  -- its life
  created     INTEGER NOT NULL,
  ended       INTEGER
) STRICT;
CREATE INDEX batches_by_fingerprint ON batches (fingerprint);
CREATE INDEX batches_to_file ON batches (state) WHERE state = 'arriving' OR state = 'open' OR state = 'ended';

-- One file or URL that jobs of a batch name.
CREATE TABLE inputs (
  id          INTEGER PRIMARY KEY,
  batch       INTEGER NOT NULL REFERENCES batches,
  source      TEXT NOT NULL,                 -- a path as found in its drop or media root, or a URL
  root        TEXT NOT NULL,                 -- '' the drop itself; else the media root the path is under; 'url'
  format      TEXT NOT NULL,
  bytes       INTEGER NOT NULL,
  sha256      TEXT NOT NULL,                 -- as accepted; '' for a URL
  UNIQUE (batch, root, source)
) STRICT;
CREATE INDEX inputs_by_content ON inputs (sha256) WHERE sha256 <> '';

-- An upload that has not succeeded yet, one row a content: why, when it is tried again, since when. Of the running daemon; for readers.
CREATE TABLE upload_troubles (
  sha256      TEXT PRIMARY KEY,
  text        TEXT NOT NULL,
  until       INTEGER NOT NULL,
  since       INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What lies at the upload host, one row a content.
CREATE TABLE uploads (
  sha256      TEXT PRIMARY KEY,
  url         TEXT NOT NULL,
  until       INTEGER NOT NULL               -- the instant up to which it is reused
) STRICT, WITHOUT ROWID;

CREATE TABLE jobs (
  id          INTEGER PRIMARY KEY,           -- age: lower came first
  batch       INTEGER NOT NULL REFERENCES batches,
  name        TEXT NOT NULL,
  name_key    TEXT NOT NULL,
  -- what to render
  image       INTEGER NOT NULL REFERENCES inputs,
  motion      INTEGER NOT NULL REFERENCES inputs,
  prompt      TEXT NOT NULL,
  mode        TEXT NOT NULL CHECK (mode IN ('720p', '1080p')),
  orientation TEXT NOT NULL CHECK (orientation IN ('video', 'image')),
  length_ms   INTEGER NOT NULL,              -- of the motion
  estimate    INTEGER NOT NULL,
  -- where it stands
  state       TEXT NOT NULL CHECK (state = 'queued' OR state = 'uploading' OR state = 'submitting' OR state = 'uncertain' OR state = 'running' OR
                                   state = 'downloading' OR state = 'done' OR state = 'failed' OR state = 'cancelled'),
  stage       TEXT NOT NULL CHECK (stage = 'single' OR stage = 'draft' OR stage = 'final'),
  priority    INTEGER NOT NULL,              -- its batch's
  tries       INTEGER NOT NULL DEFAULT 0,    -- attempts of this stage that count against limits.attempts
  not_before  INTEGER NOT NULL DEFAULT 0,    -- backing off until this instant
  error_code  TEXT,
  error_text  TEXT,
  output      TEXT,                          -- absolute path of the newest delivered file
  created     INTEGER NOT NULL,
  updated     INTEGER NOT NULL,
  UNIQUE (batch, name_key)
) STRICT;
-- Which goes next?
CREATE INDEX jobs_queue ON jobs (priority DESC, id) WHERE state = 'queued';
-- What is under way?
CREATE INDEX jobs_active ON jobs (state) WHERE state <> 'queued' AND state <> 'done' AND state <> 'failed' AND state <> 'cancelled';
-- Has the batch ended?
CREATE INDEX jobs_open ON jobs (batch) WHERE state <> 'done' AND state <> 'failed' AND state <> 'cancelled';
-- Whose input is this?
CREATE INDEX jobs_by_image ON jobs (image);
CREATE INDEX jobs_by_motion ON jobs (motion);

-- One paid submission. Written before the first byte leaves: this table, not the network, is what is known to have been risked.
CREATE TABLE attempts (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,   -- the highest ever armed is never given again
  job         INTEGER NOT NULL REFERENCES jobs,
  stage       TEXT NOT NULL,
  state       TEXT NOT NULL CHECK (state = 'armed' OR state = 'not_sent' OR state = 'refused' OR state = 'uncertain' OR state = 'submitted' OR
                                   state = 'succeeded' OR state = 'failed' OR state = 'overdue' OR state = 'written_off'),
  -- what was sent
  request     TEXT NOT NULL,                 -- the body, but for the callback's secret
  estimate    INTEGER NOT NULL,
  -- its place in the rate window
  armed       INTEGER NOT NULL,              -- instant
  boot        TEXT NOT NULL,                 -- which boot the two boot times are of
  armed_boot  INTEGER NOT NULL,
  answer_boot INTEGER,
  -- what came of it
  task        TEXT,
  outcome     TEXT,                          -- for people
  consumed    INTEGER,                       -- as the provider says
  result_url  TEXT,
  closed      INTEGER                        -- instant of its end
) STRICT;
CREATE UNIQUE INDEX attempts_one_open ON attempts (job) WHERE state = 'armed' OR state = 'submitted' OR state = 'uncertain';
CREATE UNIQUE INDEX attempts_task ON attempts (task) WHERE task IS NOT NULL;
CREATE INDEX attempts_of_job ON attempts (job);
CREATE INDEX attempts_open ON attempts (state, armed) WHERE state = 'armed' OR state = 'submitted' OR state = 'uncertain' OR state = 'overdue';

-- Append-only. The account of an attempt is the sum of its entries.
CREATE TABLE ledger (
  id          INTEGER PRIMARY KEY,
  attempt     INTEGER NOT NULL REFERENCES attempts,
  entry       TEXT NOT NULL CHECK (entry = 'reserve' OR entry = 'release' OR entry = 'settle' OR entry = 'adjust'),
  amount      INTEGER NOT NULL,
  estimated   INTEGER NOT NULL,              -- 1: the provider did not say
  day         TEXT NOT NULL,                 -- accounting date of the reservation
  at          INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX ledger_one_reserve ON ledger (attempt) WHERE entry = 'reserve';
CREATE UNIQUE INDEX ledger_one_close ON ledger (attempt) WHERE entry IN ('release', 'settle');
CREATE INDEX ledger_of_attempt ON ledger (attempt);
CREATE TRIGGER ledger_keeps BEFORE UPDATE ON ledger BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER ledger_stays BEFORE DELETE ON ledger BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;

-- A finished video on its way to its name.
CREATE TABLE deliveries (
  job         INTEGER NOT NULL REFERENCES jobs,
  stage       TEXT NOT NULL,
  attempt     INTEGER NOT NULL REFERENCES attempts,
  path        TEXT NOT NULL,                 -- absolute, final
  bytes       INTEGER NOT NULL,
  sha256      TEXT NOT NULL,
  PRIMARY KEY (job, stage)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX deliveries_path ON deliveries (path);

-- What happened, for people. Written in the transaction of what it tells.
CREATE TABLE events (
  id          INTEGER PRIMARY KEY,
  batch       INTEGER NOT NULL REFERENCES batches,
  job         INTEGER REFERENCES jobs,
  at          INTEGER NOT NULL,
  what        TEXT NOT NULL                  -- "submitted: task 281e5b0c…"
) STRICT;
CREATE INDEX events_of_job ON events (job);
CREATE INDEX events_of_batch ON events (batch) WHERE job IS NULL;

-- Why nothing is submitted, for readers without the daemon; one row at most.
CREATE TABLE lane (
  id          INTEGER PRIMARY KEY CHECK (id = 1),
  why         TEXT NOT NULL,
  text        TEXT NOT NULL,
  until       INTEGER,                       -- instant
  since       INTEGER NOT NULL
) STRICT;
