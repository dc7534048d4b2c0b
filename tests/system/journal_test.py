"""A day of a simulated city, with a kill -9 in its middle, replayed from the files the server left behind."""

import contextlib
import json
import pathlib
import sqlite3
import subprocess
import time
import unittest

from kapok_process import BUILD, WAIT_S, Kapok

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
PRACTICE = 60
HOURS = 0.5
CALLS_PER_DAY = 9600  # two hundred calls in half an hour
SETTLED_S = 75


class ReplayedDay(unittest.TestCase):
    def setUp(self):
        self.kapok = self.enterContext(Kapok(factor=PRACTICE))
        self.kapok.roster(*((account, "44010300" + unit, "desk", -1, 8)
                            for account, unit in (("sm-1", "1"), ("sm-2", "1"), ("ln-1", "2"), ("ln-2", "2"))))
        self.city = None
        self.addCleanup(self.end_city)

    def end_city(self):
        if self.city and self.city.poll() is None:
            self.city.kill()
            self.city.wait(WAIT_S)

    def start_city(self):
        with open(self.kapok.path / "city.log", "wb") as log:
            self.city = subprocess.Popen(
                [BUILD / "tests/load/kapok-load", "city", "--server", f"127.0.0.1:{self.kapok.port}", "--fingerprint",
                 self.kapok.fingerprint, "--devices", self.kapok.path / "devices.csv", "--directory",
                 REPOSITORY / "deploy/guangzhou", "--account", "centre-1", "--gateway", "gateway", "--hours", str(HOURS), "--calls-per-day",
                 str(CALLS_PER_DAY), "--talk", "60", "--drain", "3", "--seed", "7", "--quiet"], stdout=log, stderr=log)

    def replay(self, *words):
        done = self.kapok.kapokctl("--json", "journal", "replay", "--data", self.kapok.data, *words, check=False)
        return done.returncode, json.loads(done.stdout)

    def test_a_day_with_a_kill_in_it_replays_to_the_same_answers(self):
        self.start_city()
        time.sleep(HOURS * 3600 / PRACTICE / 2)
        self.kapok.kill()
        self.kapok.start()
        self.city.wait(SETTLED_S)
        log = (self.kapok.path / "city.log").read_text(encoding="utf-8", errors="replace")
        self.kapok.stop()
        code, said = self.replay()
        self.assertEqual((code, said["equal"], said["difference"]), (0, True, None), log)
        self.assertGreater(said["events"], 400, log)
        self.assertEqual(said["answers_compared"], said["events"])
        self.assertGreaterEqual(said["starts"], 3)  # made, roster, killed
        self.assertGreaterEqual(said["state_hashes_compared"], said["starts"])
        day = said["to"][:10]
        code, of_day = self.replay("--day", day)
        self.assertEqual((code, of_day["last_seq"]), (0, said["last_seq"]))
        shown = self.kapok.kapokctl("journal", "show", "--data", self.kapok.data, "--from", 1, "--limit", 50)
        self.assertIn("Restarted", shown)
        self.assertNotIn("020-0900", shown)

    def test_a_row_that_is_gone_ends_the_replay_with_its_place(self):
        self.kapok.stop()
        with contextlib.closing(sqlite3.connect(self.kapok.data / "kapok.db")) as store:
            store.execute("DELETE FROM journal WHERE seq = 2")
            store.commit()
        code, said = self.replay()
        self.assertEqual((code, said["equal"], said["difference"]["fault"], said["difference"]["seq"]),
                         (1, False, "rows_missing", "3"))


if __name__ == "__main__":
    unittest.main()
