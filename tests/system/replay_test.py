"""kapok-load replay: a week's callers (decision 38) over TLS against a real server with a practice clock, and the
comparison of its ledger with the server's log."""

import json
import os
import subprocess
import unittest

from kapok_process import BUILD, Kapok

PRACTICE = 60
RUN_MAX_S = 100


class Crew(Kapok):
    """Three desks at the first line's station."""
    PEOPLE = Kapok.PEOPLE + "sm-3,周颖,440103001,worker,cantonese,desk,yes\n"


class Replay(unittest.TestCase):
    HEADER = "outcome,date,arrival_s,vru_s,queued,wait_s,service_s\n"

    @classmethod
    def setUpClass(cls):
        cls.kapok = cls.enterClassContext(Crew(factor=PRACTICE))

    def replay(self, *words, workers=3):
        """The exit code, the summary, and what was said beside it."""
        environment = {name: value for name, value in os.environ.items() if name != "KAPOK_CALLS_CSV"}
        done = subprocess.run(
            [BUILD / "tests/load/kapok-load", "replay", "--server", f"127.0.0.1:{self.kapok.port}", "--fingerprint",
             self.kapok.fingerprint, "--devices", self.kapok.path / "devices.csv", "--account", "centre-1", "--gateway",
             "gateway", "--line", "020-00100001", "--workers", str(workers), "--json", "--quiet", *map(str, words)],
            capture_output=True, text=True, timeout=RUN_MAX_S, env=environment)
        return done.returncode, json.loads(done.stdout) if done.stdout else None, done.stderr

    def calls(self, *rows):
        file = self.kapok.path / "calls.csv"
        file.write_text(self.HEADER + "".join(row + "\n" for row in rows), encoding="utf-8")
        return file

    def row(self, summary, what):
        return next(row for row in summary["check"] if row["what"] == what)

    def assert_equal_books(self, code, summary, said):
        self.assertEqual((code, summary and summary["differences"], summary and summary["problems"]), (0, 0, []), said)
        self.assertEqual((summary["refusals"], summary["not_placed"], summary["failed_tasks"]), ({}, 0, 0))
        arrivals = self.row(summary, "arrivals O")
        self.assertEqual((arrivals["ledger"], arrivals["log"], arrivals["report"]), (summary["arrived"],) * 3)

    def test_ten_minutes_of_a_generated_week_end_with_equal_books(self):
        code, summary, said = self.replay("--day", 2, "--from", "10:00", "--until", "10:10")
        self.assert_equal_books(code, summary, said)
        self.assertIn("a generated week", said)
        self.assertIn("the bank's own run is skipped", said)
        self.assertGreater(summary["arrived"], 10)
        self.assertEqual(self.row(summary, "contacts finalised")["log"], self.row(summary, "A")["log"])
        self.assertEqual(summary["joined"] + summary["hung_up_at_once"], summary["arrived"])
        self.assertGreater(summary["answered"], 0)

    def test_a_record_is_replayed_row_by_row(self):
        file = self.calls("hang,2027-02-01,36000,5,0,0,0", "phantom,2027-02-01,36001,5,1,9,9",
                          "agent,2027-02-01,36010,-60,0,0,30", "agent,2027-02-01,36012,2,1,7,20",
                          "agent,2027-02-01,36014,0,0,0,400", "agent,2027-02-01,36015,0,0,0,400",
                          "hang,2027-02-01,36030,0,1,20,0", "hang,2027-02-01,36110,0,1,30,0")
        code, summary, said = self.replay("--calls", file, "--day", 1, "--from", "10:00", "--until", "10:03")
        self.assert_equal_books(code, summary, said)
        self.assertIn("the bank's recorded week: 7 arrivals", said)
        self.assertEqual((summary["arrived"], summary["hung_up_at_once"]), (7, 1))
        self.assertGreaterEqual(summary["answered"], 4, "all who stay")

    def test_who_chooses_to_be_rung_back_is_answered_or_missed_in_both_books(self):
        rows = ["agent,2027-02-01,36000,0,0,0,420"]
        rows += [f"agent,2027-02-01,{36010 + second},0,1,0,20" for second in range(6)]
        file = self.calls(*rows)
        code, summary, said = self.replay("--calls", file, "--day", 1, "--from", "10:00", "--until", "10:15",
                                          "--callbacks", 1, workers=1)
        self.assert_equal_books(code, summary, said)
        self.assertEqual(summary["callbacks_kept"], 6)
        reached = summary["callbacks_reached"]
        self.assertGreater(reached, 0)
        self.assertEqual(self.row(summary, "A")["log"], 1 + reached)
        owed = sum(row["log"] for row in summary["check"] if row["what"] == "callbacks still to be made")
        self.assertEqual(self.row(summary, "M")["log"], 6 - reached - owed)

    def test_a_bad_record_is_refused_with_its_line(self):
        file = self.calls("agent,2027-02-01,36000,5,0,0,10", "agent,2027-02-01,36000,5,0,0,much")
        code, summary, said = self.replay("--calls", file)
        self.assertEqual((code, summary), (2, None))
        self.assertIn("line 3: service_s is 'much'", said)

    def test_more_workers_than_there_are_desks_are_refused(self):
        code, _, said = self.replay("--day", 2, "--from", "10:00", "--until", "10:10", workers=40)
        self.assertEqual(code, 2)
        self.assertIn("40 workers asked for", said)


if __name__ == "__main__":
    unittest.main()
