"""The audit trail of a real server: heads on the second path, tampering between two starts, who read a record."""

import json
import sqlite3
import time
import unittest

from kapok.v1 import audit_pb2
from kapok_process import WAIT_S, Kapok


class City(Kapok):
    PEOPLE = Kapok.PEOPLE + "aud-1,审计许,4401,auditor,,,yes\n"

    def start(self):
        """With a second path from the first real start on."""
        second = self.path / "second"
        if not second.exists() and (self.path / "devices.csv").exists():
            second.mkdir()
            config = self.data / "kapokd.toml"
            config.write_text(f'second_path = "{second}"\n' + config.read_text(encoding="utf-8"), encoding="utf-8")
        super().start()

    def heads(self):
        return self.path / "second" / "audit-heads"

    def verify(self, *words):
        """(exit code, findings) of kapokctl audit verify."""
        done = self.kapokctl("--json", "audit", "verify", "--data", self.data, *words, check=False)
        return done.returncode, json.loads(done.stdout)

    def change(self, *statements):
        """As somebody would who has the file."""
        with sqlite3.connect(self.data / "kapok.db") as file:
            for statement in statements:
                file.execute(statement)
        file.close()


class AuditTrail(unittest.TestCase):
    def setUp(self):
        self.kapok = self.enterContext(City())

    def test_heads_on_the_second_path_show_a_cut_tail(self):
        self.kapok.sign_in("sm-1")
        self.kapok.stop()
        code, found = self.kapok.verify("--heads", self.kapok.heads())
        self.assertEqual((code, found["sound"], found["unprotected"]), (0, True, 0), found)
        self.assertGreaterEqual(found["heads_good"], 1)
        last = found["highest"]
        self.kapok.change(f"DELETE FROM audit WHERE seq = {last}")
        self.assertEqual(self.kapok.verify()[0], 0)  # nothing beside the data shows it
        code, found = self.kapok.verify("--heads", self.kapok.heads())
        self.assertEqual((code, found["first_bad_seq"]), (1, str(last)), found)

    def test_a_server_that_starts_on_a_cut_log_says_so(self):
        self.kapok.sign_in("sm-1")
        self.kapok.stop()
        self.kapok.change("DELETE FROM audit WHERE seq = (SELECT MAX(seq) FROM audit)")
        self.kapok.start()
        end = time.monotonic() + WAIT_S
        while "KPK-503" not in self.kapok.log_text() and time.monotonic() < end:
            time.sleep(0.05)
        self.assertIn("KPK-503", self.kapok.log_text())

    def test_the_printed_public_key_is_the_one_the_heads_are_signed_with(self):
        self.kapok.stop()
        printed = json.loads(self.kapok.kapokctl("--json", "audit", "heads", "--data", self.kapok.data,
                                                 "--heads", self.kapok.heads()))
        self.assertTrue(printed["heads"])
        key = printed["public_keys"][0]
        (self.kapok.data / "keys.audit").unlink()
        code, found = self.kapok.verify("--heads", self.kapok.heads(), "--public-key", key)
        self.assertEqual((code, found["heads_unknown"]), (0, 0), found)
        code, found = self.kapok.verify("--heads", self.kapok.heads())
        self.assertEqual(found["heads_good"], 0, found)

    def test_the_auditor_asks_over_the_wire(self):
        auditor = self.kapok.sign_in("aud-1")
        page = auditor.ask(list_readings=audit_pb2.ListReadings(list=audit_pb2.READING_LIST_ALERTS))
        self.assertEqual(len(page.rows), 0)


if __name__ == "__main__":
    unittest.main()
