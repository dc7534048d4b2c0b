-- First schema of the store. Portable SQL for SQLite and PostgreSQL (decisions 22, 23): BIGINT ids and
-- instants (microseconds UTC), SMALLINT booleans, TEXT for the rest, C collation, no database-made ids.
--
-- Three kinds of tables:
--   record rows   id, city_id, version, mac: written whole through the row codec, MAC checked on reading
--   chains        audit, append only, checked by its hashes
--   store's own   schema_step, state_value, id_high_water, day_counter, reply, search_document
-- "sealed" columns hold { algorithm, key id, nonce, ciphertext, tag } as base64url text; "blind" columns a
-- keyed digest of the value, to look it up by. Enumerations are stored as their stable names. NULL means
-- "none": an unset id, an instant that has not come.

-- ---------------------------------------------------------------- the store's own

CREATE TABLE schema_step (
  version BIGINT NOT NULL PRIMARY KEY,
  at      BIGINT NOT NULL
);

-- Small facts about the store: offset of product time, mark of a practice store.
CREATE TABLE state_value (
  key   TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
);

-- Highest id ever written, so that ids keep rising after a restart with a clock set back (decision 4).
CREATE TABLE id_high_water (
  city_id BIGINT NOT NULL PRIMARY KEY,
  last_id BIGINT NOT NULL
);

-- Numbers of the day for what people see: GZ-261121-0042.
CREATE TABLE day_counter (
  city_id     BIGINT NOT NULL,
  day         BIGINT NOT NULL, -- yymmdd, local
  last_number BIGINT NOT NULL,
  PRIMARY KEY (city_id, day)
);

-- First answers to requests (decision 24).
CREATE TABLE reply (
  session_id BIGINT NOT NULL,
  sequence   BIGINT NOT NULL,
  at         BIGINT NOT NULL,
  digest     TEXT   NOT NULL, -- keyed digest of the request
  reply      TEXT   NOT NULL, -- sealed
  PRIMARY KEY (session_id, sequence)
);
CREATE INDEX reply_by_age ON reply (session_id, at);

CREATE TABLE reply_window (
  session_id BIGINT NOT NULL PRIMARY KEY,
  highest    BIGINT NOT NULL,
  let_go     BIGINT NOT NULL -- replies up to this number are gone for good
);

-- ---------------------------------------------------------------- the tree, lines and people

CREATE TABLE unit (
  id         BIGINT NOT NULL PRIMARY KEY,
  parent_id  BIGINT,          -- NULL: the root
  kind       TEXT   NOT NULL, -- core/unit.h
  code       TEXT   NOT NULL,
  name_zh    TEXT   NOT NULL, -- names of units are public
  name_en    TEXT   NOT NULL,
  valid_from BIGINT,
  valid_to   BIGINT,
  city_id    BIGINT NOT NULL,
  version    BIGINT NOT NULL,
  mac        TEXT   NOT NULL
);
CREATE UNIQUE INDEX unit_by_code ON unit (city_id, code);
CREATE INDEX unit_by_parent ON unit (parent_id);

CREATE TABLE line (
  id              BIGINT   NOT NULL PRIMARY KEY,
  unit_id         BIGINT   NOT NULL,
  number          TEXT     NOT NULL, -- published, canonical form
  name_zh         TEXT     NOT NULL,
  mode            TEXT     NOT NULL, -- core/line.h
  crisis          SMALLINT NOT NULL,
  invented        SMALLINT NOT NULL, -- made up for practice, never shown as a real number
  required_skills BIGINT   NOT NULL, -- bits
  valid_to        BIGINT,            -- a temporary line's end
  city_id         BIGINT   NOT NULL,
  version         BIGINT   NOT NULL,
  mac             TEXT     NOT NULL
);
CREATE UNIQUE INDEX line_by_number ON line (city_id, number);

CREATE TABLE worker (
  id        BIGINT   NOT NULL PRIMARY KEY,
  account   TEXT     NOT NULL, -- sign-in name, not a person's name
  name      TEXT     NOT NULL, -- sealed
  unit_id   BIGINT   NOT NULL,
  skills    BIGINT   NOT NULL, -- bits
  languages TEXT     NOT NULL, -- names, comma between
  active    SMALLINT NOT NULL,
  city_id   BIGINT   NOT NULL,
  version   BIGINT   NOT NULL,
  mac       TEXT     NOT NULL
);
CREATE UNIQUE INDEX worker_by_account ON worker (city_id, account);
CREATE INDEX worker_by_unit ON worker (unit_id);

-- One role at one unit (decision 7); a person may hold several.
CREATE TABLE worker_role (
  id        BIGINT NOT NULL PRIMARY KEY,
  worker_id BIGINT NOT NULL REFERENCES worker (id),
  role      TEXT   NOT NULL, -- core/role.h
  unit_id   BIGINT NOT NULL,
  city_id   BIGINT NOT NULL,
  version   BIGINT NOT NULL,
  mac       TEXT   NOT NULL
);
CREATE UNIQUE INDEX worker_role_once ON worker_role (worker_id, role, unit_id);

CREATE TABLE endpoint (
  id           BIGINT   NOT NULL PRIMARY KEY,
  worker_id    BIGINT   NOT NULL REFERENCES worker (id),
  kind         TEXT     NOT NULL, -- core/endpoint.h
  number       TEXT     NOT NULL, -- sealed; empty for a desk
  number_index TEXT,              -- blind
  capacity     BIGINT   NOT NULL, -- calls at once; above 1 only for a duty phone
  active       SMALLINT NOT NULL,
  city_id      BIGINT   NOT NULL,
  version      BIGINT   NOT NULL,
  mac          TEXT     NOT NULL
);
CREATE INDEX endpoint_by_worker ON endpoint (worker_id);
CREATE INDEX endpoint_by_number ON endpoint (number_index) WHERE number_index IS NOT NULL;

-- Stations a supervisor guides: a patch is an assignment, not a level of the tree.
CREATE TABLE patch_assignment (
  id        BIGINT NOT NULL PRIMARY KEY,
  worker_id BIGINT NOT NULL REFERENCES worker (id),
  unit_id   BIGINT NOT NULL,
  city_id   BIGINT NOT NULL,
  version   BIGINT NOT NULL,
  mac       TEXT   NOT NULL
);
CREATE UNIQUE INDEX patch_assignment_once ON patch_assignment (worker_id, unit_id);

-- One row per worker, under the worker's id.
CREATE TABLE credential (
  id             BIGINT NOT NULL PRIMARY KEY REFERENCES worker (id),
  password_hash  TEXT   NOT NULL, -- Argon2id string; empty: no password, enrolled devices only
  totp_secret    TEXT,            -- sealed; NULL: no second factor yet
  totp_last_step BIGINT,          -- a used step is never accepted again
  changed_at     BIGINT NOT NULL,
  city_id        BIGINT NOT NULL,
  version        BIGINT NOT NULL,
  mac            TEXT   NOT NULL
);

CREATE TABLE device (
  id           BIGINT NOT NULL PRIMARY KEY,
  worker_id    BIGINT NOT NULL REFERENCES worker (id),
  label        TEXT   NOT NULL, -- sealed; what the owner calls it
  token_hash   TEXT   NOT NULL,
  enrolled_at  BIGINT NOT NULL,
  last_seen_at BIGINT,
  revoked_at   BIGINT,
  city_id      BIGINT NOT NULL,
  version      BIGINT NOT NULL,
  mac          TEXT   NOT NULL
);
CREATE UNIQUE INDEX device_by_token ON device (token_hash);
CREATE INDEX device_by_worker ON device (worker_id);

CREATE TABLE session (
  id         BIGINT NOT NULL PRIMARY KEY,
  worker_id  BIGINT NOT NULL REFERENCES worker (id),
  device_id  BIGINT,
  token_hash TEXT   NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  ended_at   BIGINT,
  city_id    BIGINT NOT NULL,
  version    BIGINT NOT NULL,
  mac        TEXT   NOT NULL
);
CREATE UNIQUE INDEX session_by_token ON session (token_hash);
CREATE INDEX session_open ON session (city_id, expires_at) WHERE ended_at IS NULL;

-- ---------------------------------------------------------------- duty

CREATE TABLE shift (
  id                BIGINT   NOT NULL PRIMARY KEY,
  worker_id         BIGINT   NOT NULL,
  backup_id         BIGINT,
  units             TEXT     NOT NULL, -- units covered, several for a joint shift: ids with a space between
  from_at           BIGINT   NOT NULL,
  to_at             BIGINT   NOT NULL,
  endpoint_kind     TEXT     NOT NULL,
  endpoint_id       BIGINT,
  taken_on_the_spot SMALLINT NOT NULL, -- 临时顶班
  state             TEXT     NOT NULL, -- casework/shift.h
  checked_in_at     BIGINT,
  closed_at         BIGINT,
  city_id           BIGINT   NOT NULL,
  version           BIGINT   NOT NULL,
  mac               TEXT     NOT NULL
);
CREATE INDEX shift_by_end ON shift (city_id, to_at);
CREATE INDEX shift_by_worker ON shift (worker_id, to_at);

-- What routing last said of a worker, under the worker's id: a restart rebuilds readiness and fairness.
CREATE TABLE worker_state (
  id         BIGINT   NOT NULL PRIMARY KEY,
  state      TEXT     NOT NULL, -- core/endpoint.h
  reason     TEXT     NOT NULL,
  draining   SMALLINT NOT NULL,
  since      BIGINT,
  until_at   BIGINT,
  idle_since BIGINT,
  desk_ready SMALLINT NOT NULL,
  desk_missed SMALLINT NOT NULL,
  phone_away SMALLINT NOT NULL,
  city_id    BIGINT   NOT NULL,
  version    BIGINT   NOT NULL,
  mac        TEXT     NOT NULL
);
CREATE INDEX worker_state_by_city ON worker_state (city_id);

-- Stretches in which nobody was on duty at a unit.
CREATE TABLE gap (
  id      BIGINT NOT NULL PRIMARY KEY,
  unit_id BIGINT NOT NULL,
  kind    TEXT   NOT NULL,
  from_at BIGINT NOT NULL,
  to_at   BIGINT,
  city_id BIGINT NOT NULL,
  version BIGINT NOT NULL,
  mac     TEXT   NOT NULL
);
CREATE INDEX gap_by_start ON gap (city_id, from_at);
CREATE INDEX gap_open ON gap (city_id, unit_id) WHERE to_at IS NULL;

-- ---------------------------------------------------------------- calls

CREATE TABLE call (
  id               BIGINT   NOT NULL PRIMARY KEY,
  episode_id       BIGINT,            -- first call of the episode (decision 1)
  line_id          BIGINT   NOT NULL,
  unit_id          BIGINT   NOT NULL, -- the line's owner when it rang
  channel          TEXT     NOT NULL, -- core/call.h
  gateway_id       BIGINT,
  gw_ref           TEXT     NOT NULL, -- the gateway's own id
  caller_number    TEXT     NOT NULL, -- sealed; empty: withheld
  caller_index     TEXT,              -- blind, canonical number
  caller_last_four TEXT,              -- blind
  test             SMALLINT NOT NULL,
  base_class       TEXT     NOT NULL,
  facts            BIGINT   NOT NULL, -- bits known of the number when it called
  attempts         BIGINT   NOT NULL,
  state            TEXT     NOT NULL,
  arrived_at       BIGINT   NOT NULL,
  joined_at        BIGINT,
  arrival_seq      BIGINT   NOT NULL, -- place in the order of arrivals; survives a restart
  worker_id        BIGINT,
  endpoint_id      BIGINT,
  answered_at      BIGINT,
  talking_since    BIGINT,
  ended_at         BIGINT,
  outcome          TEXT     NOT NULL, -- none while open
  ended_by         TEXT     NOT NULL,
  waited_us        BIGINT   NOT NULL,
  contact_id       BIGINT,
  city_id          BIGINT   NOT NULL,
  version          BIGINT   NOT NULL,
  mac              TEXT     NOT NULL
);
CREATE UNIQUE INDEX call_by_ref ON call (gateway_id, gw_ref) WHERE gateway_id IS NOT NULL AND gw_ref <> '';
CREATE INDEX call_open ON call (city_id, arrival_seq) WHERE state <> 'ended';
CREATE INDEX call_by_arrival ON call (city_id, arrived_at, id);
CREATE INDEX call_by_unit ON call (unit_id, arrived_at, id);
CREATE INDEX call_by_end ON call (city_id, ended_at);
CREATE INDEX call_by_seq ON call (city_id, arrival_seq);
CREATE INDEX call_by_caller ON call (caller_index, arrived_at) WHERE caller_index IS NOT NULL;
CREATE INDEX call_by_last_four ON call (caller_last_four, arrived_at) WHERE caller_last_four IS NOT NULL;

-- One offer of a call to a worker and, when accepted, the talk that came of it.
CREATE TABLE call_leg (
  id          BIGINT NOT NULL PRIMARY KEY,
  call_id     BIGINT NOT NULL REFERENCES call (id),
  offer_id    BIGINT,
  worker_id   BIGINT,
  endpoint_id BIGINT,
  ring        TEXT   NOT NULL,
  attempt     BIGINT NOT NULL,
  offered_at  BIGINT,
  ring_until  BIGINT,
  offer_end   TEXT,
  answered_at BIGINT,
  ended_at    BIGINT,
  waits_again TEXT,
  city_id     BIGINT NOT NULL,
  version     BIGINT NOT NULL,
  mac         TEXT   NOT NULL
);
CREATE INDEX call_leg_by_call ON call_leg (call_id, offer_id);
CREATE INDEX call_leg_by_offer ON call_leg (city_id, offer_id);
CREATE INDEX call_leg_by_worker ON call_leg (worker_id, offered_at);
CREATE INDEX call_leg_by_answer ON call_leg (city_id, answered_at) WHERE answered_at IS NOT NULL;

-- Routing events as routing was told them, in order (decision 20).
CREATE TABLE journal (
  id      BIGINT NOT NULL PRIMARY KEY,
  seq     BIGINT NOT NULL,
  at      BIGINT NOT NULL,
  event   TEXT   NOT NULL, -- sealed
  city_id BIGINT NOT NULL,
  version BIGINT NOT NULL,
  mac     TEXT   NOT NULL
);
CREATE UNIQUE INDEX journal_by_seq ON journal (city_id, seq);

-- ---------------------------------------------------------------- records and what follows from them

CREATE TABLE contact (
  id               BIGINT   NOT NULL PRIMARY KEY,
  display_number   TEXT     NOT NULL, -- GZ-261121-0042
  call_id          BIGINT,            -- NULL: entered by hand
  unit_id          BIGINT   NOT NULL, -- the unit dialled or visited (decision 7)
  line_id          BIGINT,
  channel          TEXT     NOT NULL,
  caller_number    TEXT     NOT NULL, -- sealed
  caller_index     TEXT,              -- blind; only when finalised (decision 27)
  caller_last_four TEXT,              -- blind
  started_at       BIGINT   NOT NULL,
  answered_at      BIGINT,
  ended_at         BIGINT,
  state            TEXT     NOT NULL, -- casework/contact_values.h, as type … risk
  type             TEXT     NOT NULL,
  relation         TEXT     NOT NULL,
  person_name      TEXT     NOT NULL, -- sealed
  person_number    TEXT     NOT NULL, -- sealed
  person_index     TEXT,              -- blind
  person_last_four TEXT,              -- blind
  address          TEXT     NOT NULL, -- sealed
  point_id         BIGINT,
  language         TEXT     NOT NULL,
  summary          TEXT     NOT NULL, -- sealed
  risk             TEXT     NOT NULL,
  worried          SMALLINT NOT NULL,
  services         TEXT     NOT NULL, -- names, comma between
  consent          TEXT     NOT NULL,
  answered_by      BIGINT,
  written_by       BIGINT,
  minimal_due      BIGINT,
  full_due         BIGINT,
  minimal_at       BIGINT,
  finalised_at     BIGINT,
  confirmed_at     BIGINT,
  corrected_at     BIGINT,
  reviewed_by      BIGINT,
  reviewed_at      BIGINT,
  review_note      TEXT     NOT NULL, -- sealed
  city_id          BIGINT   NOT NULL,
  version          BIGINT   NOT NULL,
  mac              TEXT     NOT NULL
);
CREATE UNIQUE INDEX contact_by_display_number ON contact (city_id, display_number);
CREATE UNIQUE INDEX contact_by_call ON contact (call_id) WHERE call_id IS NOT NULL;
CREATE INDEX contact_by_start ON contact (city_id, started_at, id);
CREATE INDEX contact_by_unit ON contact (unit_id, started_at, id);
CREATE INDEX contact_by_answerer ON contact (answered_by, started_at, id);
CREATE INDEX contact_draft_by_answerer ON contact (answered_by, started_at) WHERE state = 'draft';
CREATE INDEX contact_draft_by_writer ON contact (written_by, started_at) WHERE state = 'draft';
CREATE INDEX contact_draft_by_unit ON contact (unit_id, started_at) WHERE state = 'draft';
CREATE INDEX contact_by_caller ON contact (caller_index, started_at) WHERE caller_index IS NOT NULL;
CREATE INDEX contact_by_caller_last_four ON contact (caller_last_four, started_at) WHERE caller_last_four IS NOT NULL;
CREATE INDEX contact_by_person ON contact (person_index, started_at) WHERE person_index IS NOT NULL;
CREATE INDEX contact_by_person_last_four ON contact (person_last_four, started_at) WHERE person_last_four IS NOT NULL;

-- One correction with the whole text it replaced; appended, never changed.
CREATE TABLE contact_correction (
  id              BIGINT NOT NULL PRIMARY KEY,
  contact_id      BIGINT NOT NULL REFERENCES contact (id),
  contact_version BIGINT NOT NULL,
  at              BIGINT NOT NULL,
  by_worker       BIGINT,
  reason          TEXT   NOT NULL, -- sealed
  changed_fields  TEXT   NOT NULL, -- names of fields, never their content
  before_text     TEXT   NOT NULL, -- sealed
  city_id         BIGINT NOT NULL,
  version         BIGINT NOT NULL,
  mac             TEXT   NOT NULL
);
CREATE UNIQUE INDEX contact_correction_by_contact ON contact_correction (contact_id, contact_version);

CREATE TABLE need (
  id          BIGINT NOT NULL PRIMARY KEY,
  contact_id  BIGINT NOT NULL REFERENCES contact (id),
  position    BIGINT NOT NULL, -- place on the form
  kind        TEXT   NOT NULL, -- casework/need.h
  urgency     TEXT   NOT NULL,
  state       TEXT   NOT NULL,
  detail      TEXT   NOT NULL, -- sealed
  quantity    BIGINT NOT NULL,
  referral_id BIGINT,
  city_id     BIGINT NOT NULL,
  version     BIGINT NOT NULL,
  mac         TEXT   NOT NULL
);
CREATE INDEX need_by_contact ON need (contact_id, position);
CREATE INDEX need_by_kind ON need (kind, contact_id);

CREATE TABLE referral (
  id             BIGINT NOT NULL PRIMARY KEY,
  display_number TEXT   NOT NULL,
  contact_id     BIGINT NOT NULL REFERENCES contact (id),
  need_ids       TEXT   NOT NULL, -- what was ordered, comma between
  from_unit      BIGINT NOT NULL,
  to_unit        BIGINT NOT NULL,
  urgency        TEXT   NOT NULL,
  state          TEXT   NOT NULL, -- casework/referral.h
  note           TEXT   NOT NULL, -- sealed
  written_by     BIGINT,
  created_at     BIGINT NOT NULL, -- age of the order, never reset
  dispatched_at  BIGINT,
  accept_by      BIGINT,
  owner          BIGINT,
  accepted_at    BIGINT,
  closed_at      BIGINT,
  result         TEXT,
  outcome        TEXT   NOT NULL, -- sealed
  return_count   BIGINT NOT NULL,
  city_id        BIGINT NOT NULL,
  version        BIGINT NOT NULL,
  mac            TEXT   NOT NULL
);
CREATE UNIQUE INDEX referral_by_display_number ON referral (city_id, display_number);
CREATE INDEX referral_by_contact ON referral (contact_id);
CREATE INDEX referral_by_receiver ON referral (to_unit, created_at, id);
CREATE INDEX referral_by_sender ON referral (from_unit, created_at, id);
CREATE INDEX referral_waiting ON referral (city_id, accept_by) WHERE state = 'dispatched';

CREATE TABLE referral_event (
  id               BIGINT NOT NULL PRIMARY KEY,
  referral_id      BIGINT NOT NULL REFERENCES referral (id),
  referral_version BIGINT NOT NULL,
  state            TEXT   NOT NULL,
  at               BIGINT NOT NULL,
  by_worker        BIGINT,
  unit_id          BIGINT,
  reason           TEXT,
  note             TEXT   NOT NULL, -- sealed
  city_id          BIGINT NOT NULL,
  version          BIGINT NOT NULL,
  mac              TEXT   NOT NULL
);
CREATE UNIQUE INDEX referral_event_by_referral ON referral_event (referral_id, referral_version);

-- A dated promise to reach someone; callbacks first (decision 25).
CREATE TABLE follow_up (
  id                  BIGINT   NOT NULL PRIMARY KEY,
  kind                TEXT     NOT NULL,
  unit_id             BIGINT   NOT NULL, -- owns the promise
  line_id             BIGINT,
  number              TEXT     NOT NULL, -- sealed, canonical form
  number_index        TEXT,              -- blind
  first_call          BIGINT,
  last_call           BIGINT,
  first_hung_up_at    BIGINT,
  last_hung_up_at     BIGINT,
  unanswered_arrivals BIGINT   NOT NULL,
  high_risk           SMALLINT NOT NULL,
  due_at              BIGINT   NOT NULL,
  state               TEXT     NOT NULL, -- casework/callback.h
  owner               BIGINT,
  claimed_at          BIGINT,
  attempts            TEXT     NOT NULL, -- instant/worker/result of each, comma between
  closed_at           BIGINT,
  note                TEXT     NOT NULL, -- sealed
  city_id             BIGINT   NOT NULL,
  version             BIGINT   NOT NULL,
  mac                 TEXT     NOT NULL
);
CREATE INDEX follow_up_by_unit ON follow_up (unit_id, due_at, id);
CREATE INDEX follow_up_by_number ON follow_up (number_index, unit_id) WHERE number_index IS NOT NULL;
CREATE INDEX follow_up_due ON follow_up (city_id, due_at) WHERE state IN ('scheduled', 'claimed');

-- Unanswered callers nobody can ring back; the unit takes note.
CREATE TABLE missed_caller (
  id              BIGINT NOT NULL PRIMARY KEY,
  call_id         BIGINT,
  unit_id         BIGINT NOT NULL,
  line_id         BIGINT,
  at              BIGINT NOT NULL,
  outcome         TEXT   NOT NULL,
  reason          TEXT   NOT NULL,
  state           TEXT   NOT NULL, -- casework/missed_caller.h
  acknowledged_by BIGINT,
  acknowledged_at BIGINT,
  note            TEXT   NOT NULL, -- sealed
  city_id         BIGINT NOT NULL,
  version         BIGINT NOT NULL,
  mac             TEXT   NOT NULL
);
CREATE INDEX missed_caller_by_unit ON missed_caller (unit_id, at, id);
CREATE INDEX missed_caller_by_call ON missed_caller (call_id) WHERE call_id IS NOT NULL;

-- ---------------------------------------------------------------- audit and search

-- Hash-chained, append only, no personal content (decision 26). Codes are the numbers of audit_event.h.
CREATE TABLE audit (
  seq           BIGINT   NOT NULL PRIMARY KEY, -- from 1 without gaps
  at            BIGINT   NOT NULL,
  actor_id      BIGINT,
  session_id    BIGINT,
  action        SMALLINT NOT NULL,
  object_kind   SMALLINT NOT NULL,
  object_id     BIGINT   NOT NULL,
  scope         SMALLINT NOT NULL,
  reason        SMALLINT NOT NULL,
  outcome       SMALLINT NOT NULL,
  detail_digest TEXT,   -- keyed digest of the detail
  hash          TEXT     NOT NULL
);
CREATE INDEX audit_by_object ON audit (object_kind, object_id, seq);
CREATE INDEX audit_by_actor ON audit (actor_id, seq);

-- Reason, query, before and after: sealed, and may be shredded without breaking the chain.
CREATE TABLE audit_detail (
  seq    BIGINT NOT NULL PRIMARY KEY,
  detail TEXT   NOT NULL -- sealed
);

-- What the search index holds of each record; derived, rebuilt from the rows at any time.
CREATE TABLE search_document (
  object_id BIGINT NOT NULL PRIMARY KEY,
  place     BIGINT NOT NULL, -- place in time; unique
  tokens    TEXT   NOT NULL  -- keyed tokens, sorted
);
CREATE UNIQUE INDEX search_document_by_place ON search_document (place);
