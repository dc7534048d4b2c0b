"""The fault library bites where it is told to, in the real server: otherwise every test that builds on it is empty."""

import time
import unittest

from city_people import Gateway
from kapok_client import Closed
from kapok_process import Kapok

LOG = "*/data/kapok.db-wal"


class Library(unittest.TestCase):
    def setUp(self):
        self.kapok = self.enterContext(Kapok(faults=True))
        self.gateway = Gateway(self.kapok)

    def arrival_s(self, ref):
        began = time.monotonic()
        self.gateway.arrives(ref)
        return time.monotonic() - began

    def test_a_delayed_sync_of_the_write_ahead_log_delays_the_acknowledgement(self):
        slow = self.kapok.faults.add("sync", "delay:400", LOG, times=1)
        self.assertGreaterEqual(self.arrival_s("ref-1"), 0.4)
        self.assertEqual(slow.struck(), 1)
        self.assertLess(self.arrival_s("ref-2"), 0.4)
        self.assertGreater(slow.seen(), slow.struck())

    def test_a_lifted_rule_strikes_no_more(self):
        for operation in ("write", "sync"):
            rule = self.kapok.faults.add(operation, "delay:1", LOG)
            self.gateway.arrives(f"{operation}-1")
            rule.lift()
            struck = rule.struck()
            self.assertGreater(struck, 0, f"SQLite's {operation} does not go through the library")
            self.gateway.arrives(f"{operation}-2")
            self.assertEqual(rule.struck(), struck)

    def test_the_server_dies_in_the_operation_that_it_is_told_to_die_in(self):
        death = self.kapok.faults.add("sync", "kill", LOG, skip=1, times=1)
        self.gateway.arrives("ref-1")
        with self.assertRaises(Closed):
            self.gateway.arrives("ref-2")
        self.assertEqual(self.kapok.process.wait(10), -9)
        self.assertEqual(death.struck(), 1)
        self.kapok.start()
        Gateway(self.kapok).arrives("ref-3")
        self.assertEqual(death.struck(), 1, "an order to die once is followed once")

    def test_the_wall_clock_of_the_server_obeys(self):
        self.kapok.stop()
        self.kapok.faults.clock(86400)
        self.kapok.start()
        ahead = int(Gateway(self.kapok).arrives("ref-1")) >> 20
        self.assertGreater(ahead - (int(time.time() * 1000) - 1577836800000), 86_000_000)


if __name__ == "__main__":
    unittest.main()
