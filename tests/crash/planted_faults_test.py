"""The kill loop has teeth: with the save-first order switched off in kapokd-faulty it must find loss or disorder. And
the real kapokd holds nothing of that switch."""

import random
import unittest

from kapok_process import BUILD
from kill_run import KillRun, ReadyKapok

KILLS = 35


def make_slow(kapok):
    """On a disk that takes its time a kill often comes between what is told and what is written."""
    kapok.faults.add("write", "delay:1", "*/data/kapok.db-wal")


class PlantedFaults(unittest.TestCase):
    def must_be_found(self, fault):
        seed = random.randrange(1, 1 << 31)
        with ReadyKapok(planted=True, faults=True) as kapok:
            make_slow(kapok)
            run = KillRun(kapok, KILLS, seed, 60)
            kapok.plant(fault)
            run.run()
        print(run.table(), *run.findings.all()[:5], sep="\n")
        return run.findings

    def test_a_reply_before_commit_is_found(self):
        self.assertGreater(len(self.must_be_found("reply_before_commit").all()), 0)

    def test_a_ring_before_commit_is_found(self):
        self.assertGreater(len(self.must_be_found("ring_before_commit").all()), 0)

    def test_without_a_fault_the_same_build_is_clean(self):
        with ReadyKapok(planted=True, faults=True) as kapok:
            make_slow(kapok)
            self.assertEqual(KillRun(kapok, KILLS, random.randrange(1, 1 << 31), 60).run().findings.all(), [])

    def test_the_real_server_has_no_such_switch(self):
        switch = b"KAPOK_PLANTED_FAULTS"
        self.assertIn(switch, (BUILD / "tests/faults/kapokd-faulty").read_bytes())
        self.assertNotIn(switch, (BUILD / "server/kapokd").read_bytes())


if __name__ == "__main__":
    unittest.main()
