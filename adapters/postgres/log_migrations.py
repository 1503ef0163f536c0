"""Steps that make the tables of the log, of the keys of its texts, and of the rows made from it."""

from __future__ import annotations

from typing import Final

LOG: Final = """
CREATE TABLE meta (key text PRIMARY KEY, value text NOT NULL);

-- The last position and time of each organisation; changed in the transaction that appends.
CREATE TABLE counter (
    organisation text COLLATE "C" PRIMARY KEY,
    position bigint NOT NULL,
    recorded_at text COLLATE "C" NOT NULL
) WITH (fillfactor = 50);

-- No query looks into `state`, so its bytes may be encrypted one by one.
CREATE TABLE event (
    organisation text COLLATE "C" NOT NULL,
    position bigint NOT NULL CHECK (position > 0),
    stream text COLLATE "C" NOT NULL,
    version bigint NOT NULL CHECK (version > 0),
    name text COLLATE "C" NOT NULL,
    command_id text COLLATE "C" NOT NULL,
    recorded_at text COLLATE "C" NOT NULL,
    state bytea NOT NULL,
    hash text COLLATE "C" NOT NULL,
    PRIMARY KEY (organisation, position),
    UNIQUE (organisation, stream, version)
);
CREATE INDEX event_by_command ON event (organisation, command_id, position);
CREATE INDEX event_by_time ON event (organisation, recorded_at, position);

CREATE TABLE content (
    organisation text COLLATE "C" NOT NULL,
    hash text COLLATE "C" NOT NULL,
    bytes bytea NOT NULL,
    PRIMARY KEY (organisation, hash)
);

CREATE FUNCTION stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%s are never changed and never deleted', TG_TABLE_NAME;
END $$;
CREATE TRIGGER event_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON event
    FOR EACH STATEMENT EXECUTE FUNCTION stays();
CREATE TRIGGER content_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON content
    FOR EACH STATEMENT EXECUTE FUNCTION stays();

-- Each new event has the one before it, in the log and in its stream. The subqueries are scalar,
-- so that they are answered row by row from the two unique indexes.
CREATE FUNCTION follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM added WHERE
            position > 1 AND (
                SELECT true FROM event WHERE organisation = added.organisation
                AND event.position = added.position - 1
            ) IS NULL
            OR version > 1 AND (
                SELECT true FROM event WHERE organisation = added.organisation
                AND stream = added.stream AND event.version = added.version - 1
            ) IS NULL
    ) THEN
        RAISE integrity_constraint_violation
            USING MESSAGE = 'events follow each other without a gap';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER event_follows AFTER INSERT ON event REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION follows();

-- Appends in one statement, and so in one transaction of one round trip: moves the counter if it
-- stands at `expected`, and stores events and contents. False, and nothing was done, when it
-- stands elsewhere. Whoever moves the counter of an organisation keeps all others waiting until
-- it has committed, so that positions become visible in their order.
CREATE FUNCTION append_after(
    organisation_ text, expected bigint,
    streams text[], versions bigint[], names text[], states bytea[], command_ids text[],
    times text[], hashes text[],
    content_hashes text[], contents bytea[]
) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    IF expected = 0 THEN
        INSERT INTO counter VALUES (organisation_, 0, '') ON CONFLICT DO NOTHING;
    END IF;
    UPDATE counter SET position = expected + cardinality(streams),
        recorded_at = times[cardinality(times)]
        WHERE organisation = organisation_ AND position = expected;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    IF EXISTS (
        SELECT FROM event
        WHERE organisation = organisation_ AND command_id = ANY (command_ids) AND command_id <> ''
    ) THEN
        RAISE integrity_constraint_violation
            USING MESSAGE = 'one of these commands has happened before';
    END IF;
    INSERT INTO event (
        organisation, position, stream, version, name, state, command_id, recorded_at, hash
    )
    SELECT organisation_, expected + place, stream, version, name, state, command_id, at, hash
    FROM unnest(streams, versions, names, states, command_ids, times, hashes)
        WITH ORDINALITY AS told (stream, version, name, state, command_id, at, hash, place);
    IF cardinality(contents) > 0 THEN
        INSERT INTO content SELECT organisation_, hash, bytes
        FROM unnest(content_hashes, contents) AS told (hash, bytes) ON CONFLICT DO NOTHING;
    END IF;
    RETURN true;
END $$;
"""

VIEWS: Final = """
-- Rows that followers make. A rebuild fills a generation that nobody reads, and then makes it
-- the live one.
CREATE TABLE live (one boolean PRIMARY KEY CHECK (one), generation bigint, format bigint NOT NULL);
CREATE SEQUENCE generations;
CREATE TABLE row (
    generation bigint NOT NULL,
    view text COLLATE "C" NOT NULL,
    organisation text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    json bytea NOT NULL,
    PRIMARY KEY (generation, view, organisation, key)
);
CREATE TABLE tracking (
    generation bigint NOT NULL,
    follower text COLLATE "C" NOT NULL,
    organisation text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    PRIMARY KEY (generation, follower, organisation)
);

-- When which process served the store.
CREATE TABLE served (
    process text NOT NULL,
    begun timestamptz NOT NULL,
    ended timestamptz NOT NULL,
    PRIMARY KEY (process, begun)
);
CREATE INDEX served_by_end ON served (ended);
"""

PLACES: Final = """
-- Where a row stands in its view, so that what is nearest is found first, and how many rows stand
-- there. The rows themselves are made anew, because the program makes others now.
TRUNCATE row, tracking;
ALTER TABLE row
    ADD COLUMN place text COLLATE "C" NOT NULL,
    ADD COLUMN rank text COLLATE "C" NOT NULL,
    ADD COLUMN part_of text COLLATE "C" NOT NULL;
CREATE INDEX row_by_place ON row (generation, view, place, rank, organisation, key)
    WHERE place <> '';
CREATE INDEX row_by_whole ON row (generation, view, organisation, part_of, key)
    WHERE part_of <> '';
CREATE TABLE counted (
    generation bigint NOT NULL,
    view text COLLATE "C" NOT NULL,
    place text COLLATE "C" NOT NULL,
    organisation text COLLATE "C" NOT NULL,
    number bigint NOT NULL,
    PRIMARY KEY (generation, view, place, organisation)
);
"""

TEXT_KEYS: Final = """
-- The keys of sealed texts, one for each event; NULL for one that was destroyed.
CREATE TABLE text_key (id text COLLATE "C" PRIMARY KEY, secret bytea);

-- Up to which position the erasures of an organisation were carried out.
CREATE TABLE erased (organisation text COLLATE "C" PRIMARY KEY, position bigint NOT NULL);

-- Who changed the directory of addresses, and when; it holds no address.
CREATE TABLE directory_change (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    by text NOT NULL,
    what text NOT NULL,
    organisation text NOT NULL,
    body text NOT NULL,
    name text NOT NULL
);
"""
