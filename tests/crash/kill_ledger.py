"""What the server acknowledged and showed, kept outside of it, and what its store must hold afterwards."""

import collections
import sqlite3
import threading


class Ledger:
    """Filled by the actors while the server is killed; a thing told twice with two meanings is a finding at once."""

    def __init__(self):
        self.arrived = {}  # gw_ref → call
        self.answered = {}  # call → (account, contact)
        self.bridged = {}  # call → offers
        self.drafts = {}  # contact → highest version acknowledged
        self.finalised = {}  # contact → (summary, version, referrals)
        self.orders, self.completed = {}, {}  # referral accepted, completed → account
        self.shown = set()  # calls that a desk or the gateway was told to ring, bridge or let go
        self.refused_again = []  # resent changes that were refused: (kind, id, version asked for)
        self.acked = self.resent = self.repeated = 0
        self.doubled = []
        self.lock = threading.Lock()

    def note(self, book, key, value):
        with self.lock:
            self.acked += 1
            if book.setdefault(key, value) != value:
                self.doubled.append(f"{key} was told as {book[key]} and as {value}")

    def note_draft(self, contact, version):
        with self.lock:
            self.acked += 1
            self.drafts[contact] = max(version, self.drafts.get(contact, 0))

    def note_bridge(self, call, offer):
        """A caller is connected with whoever took the offer; a second offer's is checked against the store."""
        with self.lock:
            self.shown.add(call)
            self.bridged.setdefault(call, set()).add(offer)


class Findings:
    def __init__(self, ledger, city):
        self.lost, self.doubled, self.disorder = [], list(ledger.doubled), []
        self.ledger = ledger
        for call, row in self._missing(ledger.arrived.values(), city.calls):
            self.lost.append(f"the acknowledged arrival {call} {row}")
        for call, row in self._missing(ledger.shown, city.calls):
            self.lost.append(f"call {call}, which was rung, bridged or let go, {row}")
        self._answers(city)
        self._contacts(city)
        self._referrals(city)
        self._legs(city)
        self._order(city)

    def all(self):
        return self.lost + self.doubled + self.disorder

    @staticmethod
    def _missing(ids, rows):
        return [(one, "is not in the store") for one in sorted(set(ids)) if one not in rows]

    def _answers(self, city):
        for call, (account, contact) in self.ledger.answered.items():
            row = city.calls.get(call)
            if row is None or row["contact_id"] != contact or row["outcome"] != "answered":
                self.lost.append(f"the answer of call {call} by {account}")
        for row in city.calls.values():
            if row["outcome"] in ("lost_on_restart", "gateway_lost"):
                self.lost.append(f"the caller of {row['id']}, whom the gateway held all the time ({row['outcome']})")
            if row["outcome"] == "none":
                self.lost.append(f"the end of call {row['id']}")

    def _contacts(self, city):
        for contact, version in self.ledger.drafts.items():
            if contact not in city.contacts or city.contacts[contact]["version"] < version:
                self.lost.append(f"version {version} of the draft {contact}")
        for contact, (_, version, _) in self.ledger.finalised.items():
            row = city.contacts.get(contact)
            if row is None or row["state"] != "finalised" or row["version"] < version:
                self.lost.append(f"the finalised record {contact}")
            elif row["version"] > version:
                self.doubled.append(f"the finalised record {contact} has version {row['version']}, not {version}")
        for kind, one, version in self.ledger.refused_again:
            if kind == "finalise_contact" and one in city.contacts and one not in self.ledger.finalised:
                if city.contacts[one]["state"] == "finalised" and city.contacts[one]["version"] == version + 1:
                    self.lost.append(f"the stored answer to finalising {one}")
            if kind == "accept_offer" and one in city.answered_offers:
                self.lost.append(f"the stored answer to accepting {one}")

    def _referrals(self, city):
        per_contact = collections.Counter(row["contact_id"] for row in city.referrals.values())
        for contact, (_, _, referrals) in self.ledger.finalised.items():
            for one in referrals:
                if one not in city.referrals:
                    self.lost.append(f"referral {one} of record {contact}")
            if per_contact[contact] > len(referrals):
                self.doubled.append(f"{per_contact[contact]} referrals of record {contact}, not {len(referrals)}")
        for book, states in ((self.ledger.orders, ("accepted", "completed")), (self.ledger.completed, ("completed",))):
            for one, account in book.items():
                if one not in city.referrals or city.referrals[one]["state"] not in states:
                    self.lost.append(f"that {account} made referral {one} {states[0]}")

    def _legs(self, city):
        """Nobody is answered by two: what a caller's answered legs cover does not overlap."""
        for call, legs in city.answered_legs.items():
            for before, after in zip(legs, legs[1:]):
                if before["ended_at"] is None or before["ended_at"] > after["answered_at"]:
                    self.doubled.append(f"call {call} was answered by {before['worker_id']} and {after['worker_id']}")
        for call, offers in self.ledger.bridged.items():
            unknown = offers - {leg["offer_id"] for leg in city.answered_legs.get(call, ())}
            if unknown and call in city.calls:
                self.lost.append(f"call {call} was bridged for offers {unknown}, which nobody answered")

    def _order(self, city):
        """Arrivals keep their order in ids and stamps, and the callers of a line are first offered in it."""
        rows = sorted(city.calls.values(), key=lambda row: row["arrival_seq"])
        for before, after in zip(rows, rows[1:]):
            if before["arrival_seq"] == after["arrival_seq"] or before["id"] > after["id"]:
                self.disorder.append(f"calls {before['id']} and {after['id']} change places")
            if before["arrived_at"] > after["arrived_at"]:
                self.disorder.append(f"call {after['id']} arrived before {before['id']}, which is older")
        for line in {row["line_id"] for row in rows}:
            offered = [row for row in rows if row["line_id"] == line and row["id"] in city.first_offer]
            for before, after in zip(offered, offered[1:]):
                if city.first_offer[before["id"]] > city.first_offer[after["id"]]:
                    self.disorder.append(f"call {after['id']} was offered before {before['id']}, which is older")
        if city.journal_rows != city.journal_last:
            self.disorder.append(f"the journal has {city.journal_rows} rows and ends with {city.journal_last}")


class City:
    """The rows of a store that no server holds open."""

    def __init__(self, data):
        with sqlite3.connect(f"file:{data}/kapok.db?mode=ro", uri=True) as store:
            store.row_factory = sqlite3.Row

            def rows(sql):
                return store.execute(sql).fetchall()
            self.sound = rows("PRAGMA integrity_check")[0][0]
            self.calls = {row["id"]: row for row in rows("SELECT * FROM call")}
            self.contacts = {row["id"]: row for row in rows("SELECT id, state, version FROM contact")}
            self.referrals = {row["id"]: row for row in rows("SELECT id, contact_id, state FROM referral")}
            self.first_offer = dict(map(tuple, rows(
                "SELECT call_id, min(offered_at) FROM call_leg WHERE offered_at IS NOT NULL GROUP BY call_id")))
            self.answered_legs = collections.defaultdict(list)
            for row in rows("SELECT * FROM call_leg WHERE answered_at IS NOT NULL ORDER BY answered_at, id"):
                self.answered_legs[row["call_id"]].append(row)
            self.answered_offers = {leg["offer_id"] for legs in self.answered_legs.values() for leg in legs}
            self.journal_rows, self.journal_last = rows("SELECT count(*), coalesce(max(seq), 0) FROM journal")[0]
