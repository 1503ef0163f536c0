"""What makes the tables, in numbered steps: a step that was released is never changed."""

from __future__ import annotations

from typing import Final

_LOG: Final = """
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

_VIEWS: Final = """
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

_PLACES: Final = """
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

_INTAKE: Final = """
-- Responses as they came in, until they are decided. They are no part of the record yet.
CREATE TABLE intake (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    json bytea NOT NULL
);
"""

_OUTBOX: Final = """
-- Letters that wait, and what became of those that were sent. They are no part of the record; the
-- statements on them are shared with the file outbox.db, whose rows have a rowid by themselves.
CREATE TABLE follower (
    organisation text COLLATE "C" PRIMARY KEY,
    began bigint NOT NULL,
    position bigint NOT NULL
);
CREATE TABLE message (
    rowid bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    key text COLLATE "C" PRIMARY KEY,
    organisation text COLLATE "C" NOT NULL,
    "window" text COLLATE "C" NOT NULL,
    about text COLLATE "C" NOT NULL,
    occasion text COLLATE "C" NOT NULL,
    addressee text COLLATE "C" NOT NULL,
    office integer NOT NULL,
    position bigint NOT NULL,
    queued_at text COLLATE "C" NOT NULL,
    state text COLLATE "C" NOT NULL,
    attempts integer NOT NULL,
    next_at text COLLATE "C" NOT NULL,
    via text NOT NULL,
    reason text COLLATE "C" NOT NULL,
    answer text NOT NULL,
    batch text COLLATE "C" NOT NULL,
    recorded integer NOT NULL
);
CREATE INDEX message_by_state ON message (state, next_at);
CREATE INDEX message_in_order ON message (organisation, "window", addressee, office)
    WHERE state IN ('waiting', 'being sent');
CREATE TABLE parked (
    organisation text COLLATE "C" NOT NULL,
    stream text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    because text NOT NULL,
    PRIMARY KEY (organisation, stream)
);
CREATE TABLE handed (
    rowid bigint GENERATED ALWAYS AS IDENTITY,
    key text COLLATE "C" NOT NULL,
    address text COLLATE "C" NOT NULL,
    state text COLLATE "C" NOT NULL,
    PRIMARY KEY (key, address)
);

-- How seats and officers are reached, as it was loaded, and the key by which the record calls
-- addresses without naming them.
CREATE TABLE address_book (one boolean PRIMARY KEY CHECK (one), yaml bytea, key bytea);
"""

_ACCOUNTS: Final = """
-- Who may log in, and what proves it: operational tables with personal data, no part of the record.
CREATE TABLE account (
    principal text COLLATE "C" PRIMARY KEY,
    login text COLLATE "C" NOT NULL,
    login_key text COLLATE "C" NOT NULL UNIQUE,
    display_name text COLLATE "C" NOT NULL,
    email text COLLATE "C" NOT NULL,
    language text COLLATE "C" NOT NULL,
    password_hash text COLLATE "C" NOT NULL,
    code_secret text COLLATE "C" NOT NULL,
    code_step bigint NOT NULL DEFAULT 0,
    created_at text COLLATE "C" NOT NULL, disabled_at text COLLATE "C" NOT NULL
);
CREATE TABLE recovery_code (
    principal text COLLATE "C" NOT NULL,
    hash text COLLATE "C" NOT NULL,
    PRIMARY KEY (principal,
    hash)
);
CREATE TABLE external_identity (
    issuer text COLLATE "C" NOT NULL,
    subject text COLLATE "C" NOT NULL,
    principal text COLLATE "C" NOT NULL,
    added_at text COLLATE "C" NOT NULL,
    PRIMARY KEY (issuer, subject)
);
CREATE INDEX identity_by_principal ON external_identity (principal);
CREATE TABLE login_session (
    hash text COLLATE "C" PRIMARY KEY,
    principal text COLLATE "C" NOT NULL,
    method text COLLATE "C" NOT NULL,
    started_at text COLLATE "C" NOT NULL,
    seen_at text COLLATE "C" NOT NULL,
    authenticated_at text COLLATE "C" NOT NULL,
    user_agent text COLLATE "C" NOT NULL
);
CREATE INDEX session_by_principal ON login_session (principal);
CREATE TABLE api_token (
    hash text COLLATE "C" PRIMARY KEY,
    principal text COLLATE "C" NOT NULL,
    label text COLLATE "C" NOT NULL,
    scope text COLLATE "C" NOT NULL,
    created_at text COLLATE "C" NOT NULL,
    expires_at text COLLATE "C" NOT NULL,
    used_at text COLLATE "C" NOT NULL
);
CREATE INDEX token_by_principal ON api_token (principal);
CREATE TABLE invitation (
    hash text COLLATE "C" PRIMARY KEY,
    principal text COLLATE "C" NOT NULL,
    display_name text COLLATE "C" NOT NULL,
    email text COLLATE "C" NOT NULL,
    organisation text COLLATE "C" NOT NULL,
    role text COLLATE "C" NOT NULL,
    body text COLLATE "C" NOT NULL,
    seat text COLLATE "C" NOT NULL,
    invited_by text COLLATE "C" NOT NULL,
    created_at text COLLATE "C" NOT NULL,
    expires_at text COLLATE "C" NOT NULL
);
CREATE TABLE ticket (
    hash text COLLATE "C" PRIMARY KEY,
    kind text COLLATE "C" NOT NULL,
    principal text COLLATE "C" NOT NULL,
    content text COLLATE "C" NOT NULL,
    expires_at text COLLATE "C" NOT NULL
);
CREATE TABLE failed_login (
    key text COLLATE "C" PRIMARY KEY, number bigint NOT NULL, last_at text COLLATE "C" NOT NULL
);
CREATE TABLE known_device (
    hash text COLLATE "C" PRIMARY KEY,
    principal text COLLATE "C" NOT NULL,
    used_at text COLLATE "C" NOT NULL
);
"""

_INCOMING_MAIL: Final = """
-- Messages that came by mail, whole, and how far mailboxes were read. They are no part of the
-- record; the statements on them are shared with the file mail.db.
CREATE TABLE incoming (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sha256 text COLLATE "C" NOT NULL UNIQUE,
    mailbox text NOT NULL,
    place text COLLATE "C" NOT NULL,
    size bigint NOT NULL,
    whole integer NOT NULL,
    taken_at text COLLATE "C" NOT NULL,
    summary bytea NOT NULL,
    waits integer NOT NULL,
    receipt bytea NOT NULL,
    settled bytea NOT NULL
);
CREATE INDEX incoming_that_waits ON incoming (waits);
CREATE TABLE incoming_bytes (sha256 text COLLATE "C" PRIMARY KEY, bytes bytea NOT NULL);
CREATE TABLE incoming_place (
    mailbox text NOT NULL,
    place text COLLATE "C" NOT NULL,
    PRIMARY KEY (mailbox, place)
);
CREATE TABLE mailbox (
    name text PRIMARY KEY,
    looked_at text COLLATE "C" NOT NULL,
    failed_since text COLLATE "C" NOT NULL,
    because text NOT NULL,
    marker text COLLATE "C" NOT NULL
);
CREATE TRIGGER incoming_bytes_stay BEFORE UPDATE ON incoming_bytes
    FOR EACH STATEMENT EXECUTE FUNCTION stays();
"""

_TEXT_KEYS: Final = """
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

_DRAFTS: Final = """
-- Forms that somebody has begun and not confirmed: no part of the record, and gone after a while.
CREATE TABLE draft (
    id text COLLATE "C" PRIMARY KEY,
    owner text COLLATE "C" NOT NULL,
    organisation text COLLATE "C" NOT NULL,
    saved integer NOT NULL,
    recorded integer NOT NULL,
    changed_at text COLLATE "C" NOT NULL,
    expires_at text COLLATE "C" NOT NULL,
    json bytea NOT NULL
);
CREATE INDEX draft_by_owner ON draft (owner, saved, organisation, changed_at);
CREATE INDEX draft_by_end ON draft (expires_at);
"""

MIGRATIONS: Final = (
    _LOG,
    _VIEWS,
    _PLACES,
    _INTAKE,
    _OUTBOX,
    _ACCOUNTS,
    _INCOMING_MAIL,
    _TEXT_KEYS,
    _DRAFTS,
)
"""The first makes version 1 of the tables out of nothing, each further one the next version."""
SEALED: Final = MIGRATIONS.index(_TEXT_KEYS) + 1
"""From this version on the texts of events are sealed."""
