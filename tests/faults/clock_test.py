"""The wall clock jumps (decision 5): calls and records go on in order, nothing lasts less than no time, and the operator
hears of it."""

import time
import unittest

from city_people import Desk, Gateway
from kapok.v1 import contact_pb2, duty_pb2
from kill_ledger import City
from kill_run import ReadyKapok

HOUR_S = 3600


class ClockJumps(unittest.TestCase):
    def setUp(self):
        self.kapok = self.enterContext(ReadyKapok(faults=True))
        self.calls = []

    def serve(self, ref):
        """One call from arrival to finalised record."""
        gateway, desk = Gateway(self.kapok), Desk(self.kapok, "sm-1")
        gateway.arrives(ref, caller=f"020-0900{len(self.calls):04}")
        call = desk.accept(desk.offer())
        self.calls.append(call.call)
        desk.hang_up(call.call)
        desk.finalise(call.contact, call.contact_version, contact_pb2.ContactFields(
            type=contact_pb2.CONTACT_TYPE_CONSULTATION, summary=f"第{len(self.calls)}件"))
        desk.client.change(leave_duty=duty_pb2.LeaveDuty())
        gateway.client.close()
        desk.client.close()

    def jump(self, seconds):
        """And waits until the server has noticed."""
        before = self.kapok.log_text().count("CLOCK_SKEWED")
        self.kapok.faults.clock(seconds)
        end = time.monotonic() + 10
        while self.kapok.log_text().count("CLOCK_SKEWED") == before:
            self.assertLess(time.monotonic(), end, "nobody was told that the clock jumped")
            time.sleep(0.05)

    def in_order(self):
        city = City(self.kapok.data)
        self.assertEqual(self.calls, sorted(self.calls), "ids fell")
        rows = [city.calls[call] for call in self.calls]
        for row in rows:
            self.assertGreaterEqual(row["waited_us"], 0)
            self.assertLessEqual(row["arrived_at"], row["answered_at"])
            self.assertLessEqual(row["answered_at"], row["ended_at"])
        for before, after in zip(rows, rows[1:]):
            self.assertLess(before["arrival_seq"], after["arrival_seq"])
            self.assertLess(before["ended_at"], after["arrived_at"])
        self.assertEqual(city.journal_rows, city.journal_last)
        self.assertEqual(self.kapok.kapokctl("audit", "verify", "--data", self.kapok.data, check=False).returncode, 0)

    def test_jumps_of_an_hour_either_way_while_callers_are_served(self):
        self.serve("a")
        self.jump(HOUR_S)
        self.serve("b")
        self.jump(-HOUR_S)
        self.serve("c")
        self.jump(0)
        self.serve("d")
        self.kapok.stop()
        self.in_order()

    def test_a_clock_set_back_while_the_server_is_down_changes_no_order(self):
        self.serve("a")
        self.kapok.stop()
        self.kapok.faults.clock(-HOUR_S)
        self.kapok.start()
        self.assertRegex(self.kapok.log_text(), r"CLOCK_SKEWED behind=3[56]\d\d\d\d\dms")
        self.serve("b")
        self.kapok.kill()
        self.kapok.start()
        self.serve("c")
        self.kapok.stop()
        self.in_order()

    def test_a_clock_set_ahead_and_back_again_over_restarts_changes_no_order(self):
        for ahead_s in (0, HOUR_S, 0):
            self.kapok.stop()
            self.kapok.faults.clock(ahead_s)
            self.kapok.start()
            self.serve(f"ref-{len(self.calls)}")
        self.kapok.stop()
        self.in_order()


if __name__ == "__main__":
    unittest.main()
