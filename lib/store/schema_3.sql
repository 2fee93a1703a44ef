-- Version 3: what is identified is the thing, not its copy; prices where they are used; a drop known by what it renders.

-- A drop known by what it would render (domain/render.hpp), however it is written. A fingerprint that begins with "1:" is SHA-256 over `run` and the sorted
-- renders of its jobs; what begins otherwise is of version 2 and is made anew from the rows when the daemon starts.
ALTER TABLE jobs ADD COLUMN render TEXT NOT NULL DEFAULT '';        -- SHA-256 of what is rendered, provider.model included; '': invalid, or not known yet
-- Is this rendered already?
CREATE INDEX jobs_by_render ON jobs (render) WHERE render <> '';
