"""kill -9 under load, 250 times, with a ledger kept outside: nothing acknowledged is lost, nothing happens twice,
nobody is answered by two, the order of arrivals is kept, the audit chain is sound. KAPOK_KILLS, KAPOK_SEED and
KAPOK_KILL_TIME_MAX_S make the run longer or another one."""

import os
import random
import unittest

from kill_run import KillRun, ReadyKapok

KILLS = int(os.environ.get("KAPOK_KILLS", "250"))
SEED = int(os.environ.get("KAPOK_SEED", random.randrange(1, 1 << 31)))
TIME_MAX_S = int(os.environ.get("KAPOK_KILL_TIME_MAX_S", "200"))


class Killed(unittest.TestCase):
    def test_nothing_acknowledged_is_lost_or_doubled_over_250_kills(self):
        with ReadyKapok() as kapok:
            run = KillRun(kapok, KILLS, SEED, TIME_MAX_S).run()
            print(run.table())
            self.assertEqual(run.findings.all(), [], f"seed {SEED}")
            self.assertEqual(run.city.sound, "ok")
            self.assertIn("sound", kapok.kapokctl("--lang", "en", "audit", "verify", "--data", kapok.data))
            self.assertEqual(run.misread(), [])
            self.assertGreaterEqual(run.kills, KILLS, "too few kills within the time")
            for what, count in (("arrivals", run.ledger.arrived), ("answers", run.ledger.answered),
                                ("orders", run.ledger.orders)):
                self.assertGreater(len(count), KILLS / 20, f"too few {what} to say anything")
            self.assertGreater(run.ledger.resent, KILLS / 10, "too few changes were interrupted to say anything")


if __name__ == "__main__":
    unittest.main()
