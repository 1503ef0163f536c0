"""Steps that make the tables of what is no part of the record: mail, accounts, drafts, intake."""

from __future__ import annotations

from typing import Final

INTAKE: Final = """
-- Responses as they came in, until they are decided. They are no part of the record yet.
CREATE TABLE intake (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    json bytea NOT NULL
);
"""

OUTBOX: Final = """
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

ACCOUNTS: Final = """
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

INCOMING_MAIL: Final = """
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

DRAFTS: Final = """
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
