"""Flipped bytes in the file of the store (reliability.md §2.2, bit rot): the server names it and does not start, or refuses
the row it struck and serves the rest. It never tells anything else than what was written."""

import os
import random
import shutil
import sqlite3
import unittest

from city_people import Desk, Gateway
from kapok.v1 import contact_pb2
from kapok_client import Closed, Refused
from kill_run import ReadyKapok

RECORDS, TRIALS = 6, int(os.environ.get("KAPOK_FLIPS", "8"))
SEED = int(os.environ.get("KAPOK_SEED", random.randrange(1, 1 << 31)))


class CorruptPage(unittest.TestCase):
    def setUp(self):
        self.kapok = self.enterContext(ReadyKapok())
        self.dice, self.written = random.Random(SEED), {}
        gateway, desk = Gateway(self.kapok), Desk(self.kapok, "sm-1")
        for number in range(RECORDS):
            gateway.arrives(f"ref-{number}", caller=f"020-0900{number:04}")
            call = desk.accept(desk.offer())
            desk.hang_up(call.call)
            summary = f"第{number}件，" + "家中米面将尽" * 40
            desk.finalise(call.contact, call.contact_version, contact_pb2.ContactFields(
                type=contact_pb2.CONTACT_TYPE_CONSULTATION, summary=summary))
            self.written[call.contact] = summary
        self.kapok.stop()
        self.store = self.kapok.data / "kapok.db"
        self.sound = self.kapok.path / "sound.db"
        shutil.copy(self.store, self.sound)

    def pages_of(self, table):
        with sqlite3.connect(self.sound) as store:
            return [row[0] for row in store.execute("SELECT pageno FROM dbstat WHERE name = ?", (table,))]

    def flip(self, page):
        page_bytes = 4096
        data = bytearray(self.sound.read_bytes())
        for _ in range(self.dice.randint(1, 16)):
            data[(page - 1) * page_bytes + self.dice.randrange(page_bytes)] ^= 1 << self.dice.randrange(8)
        self.store.write_bytes(data)
        for beside in ("-wal", "-shm"):
            (self.kapok.data / f"kapok.db{beside}").unlink(missing_ok=True)

    def told(self):
        """What the server says now: refused, or how many records are as written and how many are refused."""
        try:
            self.kapok.start()
        except AssertionError:
            self.assertIn("kapokd: ", self.kapok.log_text()[-2000:], "it died without a word")
            self.assertGreater(self.kapok.process.returncode, 0, "it was ended by a signal")
            return "refused"
        right, refused = 0, 0
        try:
            supervisor = self.kapok.sign_in("supervisor-01")
            for contact, summary in self.written.items():
                try:
                    shown = supervisor.ask(show_contact=contact_pb2.ShowContact(contact=contact)).contact
                except Refused:
                    refused += 1
                    continue
                self.assertEqual(shown.fields.summary, summary, f"a wrong value was told, seed {SEED}")
                right += 1
        except (Refused, Closed):
            refused += 1
        self.kapok.kill()
        return right, refused

    def test_flipped_bytes_are_named_or_refused_and_never_told(self):
        pages = self.pages_of("contact")
        self.assertGreater(len(pages), 0)
        outcomes = []
        for trial in range(TRIALS):
            last = self.sound.stat().st_size // 4096
            page = self.dice.choice(pages) if trial % 2 else self.dice.randint(1, last)
            self.flip(page)
            outcomes.append(self.told())
        print(f"\nseed {SEED}: {outcomes}")
        shutil.copy(self.sound, self.store)
        self.assertEqual(self.told(), (RECORDS, 0), "the sound store does not read back")
        self.assertTrue(any(outcome == "refused" or outcome[1] for outcome in outcomes), "no flip struck anything")


if __name__ == "__main__":
    unittest.main()
