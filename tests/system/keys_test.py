"""Keys of a real server: rotated under load and over kill -9, backed up, lost and restored."""

import json
import os
import stat
import time
import unittest

from city_people import Desk, Gateway
from kapok_process import WAIT_S, Kapok


class Keys(unittest.TestCase):
    def setUp(self):
        self.kapok = self.enterContext(Kapok())

    def kapokctl(self, *words, check=True, **more):
        return self.kapok.kapokctl("--lang", "en", *words, check=check, **more)

    def keys(self, *words, **more):
        return self.kapokctl("keys", *words, "--data", self.kapok.data, **more)

    def shown(self):
        return json.loads(self.kapokctl("--json", "keys", "show", "--data", self.kapok.data))

    def rotate(self):
        """A new key, in use by the running server when this returns."""
        before = self.rotations()
        self.keys("rotate")
        end = time.monotonic() + WAIT_S
        while self.rotations() == before:
            self.assertLess(time.monotonic(), end, self.kapok.log_text()[-2000:])
            time.sleep(0.05)

    def rotations(self):
        return self.kapok.log_text().count("KEYS_ROTATED")

    def passphrase(self, text="correct horse battery staple"):
        file = self.kapok.path / "passphrase"
        if not file.exists():
            file.write_text(text + "\n", encoding="utf-8")
            file.chmod(0o400)
        return file

    def wait_resealed(self, key):
        """Until the running server says that everything is sealed with `key`."""
        end = time.monotonic() + WAIT_S
        while True:
            state = self.shown()
            values = {each["key"]: each["values"] for each in state["keys"]}
            if not state["resealing"] and values.get(key, 0) > 0 and sum(values.values()) == values[key]:
                return values
            self.assertLess(time.monotonic(), end, state)
            time.sleep(0.2)

    def test_rotation_goes_on_under_calls_and_over_a_kill_until_the_old_key_seals_nothing(self):
        gateway, desk = Gateway(self.kapok), Desk(self.kapok, "sm-1")
        gateway.arrives("before")
        view = desk.accept(desk.offer())
        self.rotate()
        self.kapok.kill()
        self.kapok.start()
        gateway = Gateway(self.kapok, (("before", "020-00100001", 3),))
        for number in range(5):
            gateway.arrives(f"during-{number}", caller=f"020-0900100{number}")
        self.rotate()
        self.assertGreater(self.wait_resealed(3)[3], 100)
        self.kapok.stop()
        self.kapokctl("store", "scan", "--data", self.kapok.data)
        self.kapokctl("audit", "verify", "--data", self.kapok.data)
        self.keys("retire", "2")
        self.assertEqual(self.keys("retire", "1", check=False).returncode, 1)
        self.assertEqual(self.keys("retire", "3", check=False).returncode, 1)
        self.assertEqual([each["key"] for each in self.shown()["keys"]], [1, 3])
        self.kapok.start()
        Gateway(self.kapok).arrives("after")
        self.assertGreater(view.call, 0)

    def test_the_server_warns_until_its_keys_are_backed_up_and_again_after_a_rotation(self):
        def warnings():
            return self.kapok.log_text().count("KEYS_NOT_BACKED_UP")
        self.assertGreater(warnings(), 0)
        out = self.kapok.path / "keys.backup"
        backup = ("keys", "backup", "--data", self.kapok.data, "--passphrase-file", self.passphrase(), "--out")
        inside = self.kapokctl(*backup, self.kapok.data / "keys.backup", check=False)
        self.assertEqual(inside.returncode, 1)
        self.assertIn("must not lie below", inside.stderr)
        self.kapokctl(*backup, out)
        self.assertEqual(stat.S_IMODE(out.stat().st_mode), 0o400)
        self.kapok.stop()
        before = warnings()
        self.kapok.start()
        self.assertEqual(warnings(), before)
        self.rotate()
        end = time.monotonic() + WAIT_S
        while warnings() == before:
            self.assertLess(time.monotonic(), end, "no warning after the rotation")
            time.sleep(0.02)
        self.assertEqual(warnings(), before + 1)

    def test_a_lost_key_file_is_named_in_one_sentence_and_restored_from_its_backup(self):
        out = self.kapok.path / "keys.backup"
        common = ("--data", self.kapok.data, "--passphrase-file", self.passphrase())
        self.kapokctl("keys", "backup", *common, "--out", out)
        self.kapok.stop()
        os.remove(self.kapok.data / "keys")
        with self.assertRaises(AssertionError):
            self.kapok.start()
        self.assertIn("put it back with kapokctl keys restore", self.kapok.log_text())
        wrong = self.kapok.path / "wrong"
        wrong.write_text("not the passphrase", encoding="utf-8")
        wrong.chmod(0o400)
        refused = self.kapokctl("keys", "restore", "--data", self.kapok.data, "--passphrase-file", wrong, "--from", out,
                                check=False)
        self.assertEqual(refused.returncode, 1)
        self.kapokctl("keys", "restore", *common, "--from", out)
        self.kapokctl("store", "scan", "--data", self.kapok.data)
        self.kapok.start()
