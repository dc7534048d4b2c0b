"""The machine is lost; what lies on the second path and two keys bring the city back."""

import json
import shutil
import time
import unittest

from city_people import LINGNAN, Desk, Gateway
from kapok.v1 import contact_pb2
from kapok_process import WAIT_S, Kapok

FACTOR = 6  # changes are shipped every 45 s of the city's time
PLANTED = ("欧阳小芳", "020-09004321", "0209004321", "独居老人需要米面和药", "天河直街十八号")


class SecondPath(unittest.TestCase):
    """A city whose backups go to a second path; its keys and certificate have a copy elsewhere, as they should."""

    def setUp(self):
        self.kapok = self.enterContext(Kapok(factor=FACTOR))
        self.kapok.stop()
        self.second, self.safe = self.kapok.path / "second", self.kapok.path / "safe"
        self.second.mkdir()
        self.safe.mkdir()
        self.kapok.kapokctl("backup", "make-key", "--out", self.safe / "backup-key")
        config = self.kapok.data / "kapokd.toml"
        text = config.read_text(encoding="utf-8")
        config.write_text(f'second_path = "{self.second}"\n{text}\n[backup]\n'
                          f'public_key = "{self.safe}/backup-key.public"\n', encoding="utf-8")
        for name in ("keys", "kapokd.toml", "tls.crt", "tls.key"):
            shutil.copy2(self.kapok.data / name, self.safe / name)
        self.kapok.start()
        self.wait_for(lambda: self.files("-base-"), "a first whole copy")

    def wait_for(self, what, name):
        end = time.monotonic() + WAIT_S
        while time.monotonic() < end:
            if found := what():
                return found
            time.sleep(0.1)
        self.fail(f"no {name} in time:\n{self.kapok.log_text()}")

    def files(self, kind=""):
        return sorted(p for p in (self.second / "backup").glob("*.kapok") if kind in p.name)

    def keys(self):
        return "--key", self.safe / "backup-key", "--keys", self.safe / "keys"

    def backup(self, command, *words, check=True):
        done = self.kapok.kapokctl("--json", "backup", command, *words, self.second, check=check)
        return json.loads(done if check else done.stdout)

    def write_down(self, gateway):
        """A call with everything about it that must not be read in a backup."""
        desk = Desk(self.kapok, "sm-1")
        gateway.arrives("spoken", caller=PLANTED[1])
        contact = desk.accept(desk.offer()).contact
        version = desk.client.ask(show_contact=contact_pb2.ShowContact(contact=contact)).contact.version
        desk.draft(contact, version, contact_pb2.ContactFields(
            type=contact_pb2.CONTACT_TYPE_CONSULTATION, person_name=PLANTED[0], person_number=PLANTED[1],
            address=PLANTED[4], summary=PLANTED[3]))
        return desk, contact

    def calls_shipped_under_load(self, gateway):
        """Calls that were on disk before a file of changes that is on the shelf; calls go on meanwhile."""
        sure, later = {}, {}
        for number in range(12):
            sure[gateway.arrives(f"a{number}", dialled=LINGNAN, caller=f"020-090011{number:02}")] = f"a{number}"
        before = len(self.files("-changes-"))
        number = 0
        end = time.monotonic() + WAIT_S
        while len(self.files("-changes-")) < before + 2:  # the second one begins after every call of `sure`
            self.assertLess(time.monotonic(), end, self.kapok.log_text())
            later[gateway.arrives(f"b{number}", dialled=LINGNAN, caller=f"020-0900{number:04}")] = f"b{number}"
            number += 1
            time.sleep(0.1)
        return sure, later

    def logged(self):
        """Calls of the log with how often each stands there."""
        client = self.kapok.sign_in("centre-1")
        counts, cursor = {}, ""
        while True:
            page = client.ask(search_log=contact_pb2.SearchLog(cursor=cursor))
            for row in page.rows:
                counts[row.call] = counts.get(row.call, 0) + 1
            cursor = page.next_cursor
            if not cursor:
                return counts

    def lose_the_machine(self):
        self.kapok.kill()
        shutil.rmtree(self.kapok.data)

    def start_restored(self, restored):
        for name in ("tls.crt", "tls.key"):
            shutil.copy2(self.safe / name, restored / name)
        text = (self.safe / "kapokd.toml").read_text(encoding="utf-8")
        (restored / "kapokd.toml").write_text(text.replace(str(self.kapok.data), str(restored)), encoding="utf-8")
        self.kapok.data = restored
        self.kapok.start()

    def test_a_lost_machine_comes_back_with_everything_that_was_shipped(self):
        gateway = Gateway(self.kapok)
        desk, contact = self.write_down(gateway)
        sure, later = self.calls_shipped_under_load(gateway)
        self.lose_the_machine()

        restored = self.kapok.path / "restored"
        told = json.loads(self.kapok.kapokctl("--json", "backup", "restore", *self.keys(), "--to", restored, self.second))
        self.assertTrue(told["complete"])
        self.assertEqual(told["faults"], [])
        self.start_restored(restored)
        counts = self.logged()
        for call in sure:
            self.assertEqual(counts.get(call), 1, sure[call])
        for call in later:
            self.assertLessEqual(counts.get(call, 0), 1, later[call])
        shown = self.kapok.resume(desk.client).ask(show_contact=contact_pb2.ShowContact(contact=contact)).contact
        self.assertEqual((shown.fields.person_name, shown.fields.summary), (PLANTED[0], PLANTED[3]))
        # The restored city keeps a backup of its own beside the old one.
        self.wait_for(lambda: len(self.files("-base-")) == 2, "whole copy of the restored city")
        self.assertTrue(self.backup("verify")["sound"])

    def test_verify_with_and_without_the_key(self):
        sure, _ = self.calls_shipped_under_load(Gateway(self.kapok))
        self.kapok.kill()
        checked = self.backup("verify")
        self.assertTrue(checked["sound"], checked)
        tried = self.backup("verify", *self.keys())
        self.assertTrue(tried["sound"], tried)
        self.assertEqual((tried["rows_damaged"], tried["audit_sound"]), (0, True))
        self.assertGreaterEqual(tried["rows_checked"], len(sure))

    def test_a_damaged_and_a_missing_file_are_named(self):
        self.calls_shipped_under_load(Gateway(self.kapok))
        self.kapok.kill()
        bad = self.files("-changes-")[0]
        content = bytearray(bad.read_bytes())
        content[len(content) // 2] ^= 1
        bad.write_bytes(bytes(content))
        for words in ((), self.keys()):
            found = self.backup("verify", *words, check=False)
            self.assertFalse(found["sound"])
            self.assertIn(bad.name, json.dumps(found["faults"]))
        bad.unlink()
        found = self.backup("verify", check=False)
        self.assertFalse(found["sound"])
        self.assertIn(self.files("-changes-")[0].name, json.dumps(found["faults"]))
        self.assertIn("missing", json.dumps(found["faults"]))

    def test_no_file_of_a_backup_shows_a_name_a_number_or_a_note(self):
        self.write_down(Gateway(self.kapok))
        self.kapok.stop()  # ships what is left
        self.assertTrue(self.files("-changes-"))
        for file in self.second.rglob("*"):
            content = file.read_bytes() if file.is_file() else b""
            for planted in PLANTED:
                self.assertNotIn(planted.encode(), content, file)
                self.assertNotIn(planted.encode("utf-16-le"), content, file)

    def test_restore_refuses_what_would_do_harm(self):
        self.kapok.kill()
        target = self.kapok.path / "restored"
        words = ("backup", "restore", "--to")
        without = self.kapok.kapokctl("--lang", "en", *words, target, "--key", self.safe / "backup-key", "--keys",
                                      self.safe / "no-such-file", self.second, check=False)
        self.assertEqual(without.returncode, 1)
        self.assertIn("its own backup first", without.stderr)
        onto = self.kapok.kapokctl("--lang", "en", *words, self.kapok.data, *self.keys(), self.second, check=False)
        self.assertEqual(onto.returncode, 1)
        self.assertIn("never writes over anything", onto.stderr)
        self.assertFalse(target.exists())

    def test_a_second_path_that_is_away_is_told_once_and_made_up_for(self):
        gateway = Gateway(self.kapok)
        away = self.kapok.path / "away"
        self.second.rename(away)
        calls = [gateway.arrives(f"c{number}", dialled=LINGNAN) for number in range(5)]
        self.wait_for(lambda: "CHANGES_NOT_SHIPPED" in self.kapok.log_text(), "alarm")
        calls.append(gateway.arrives("c5", dialled=LINGNAN))
        away.rename(self.second)
        self.wait_for(lambda: "CHANGES_SHIPPED" in self.kapok.log_text(), "end of the alarm")
        self.assertEqual(self.kapok.log_text().count("CHANGES_NOT_SHIPPED"), 1)
        self.kapok.kill()
        self.assertTrue(self.backup("verify", *self.keys())["sound"])
        self.assertEqual(len(calls), 6)


if __name__ == "__main__":
    unittest.main()
