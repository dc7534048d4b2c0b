"""What the operations port tells a monitoring system, of a call as it really went."""

import re
import unittest
import urllib.request

from city_people import Desk, Gateway
from kapok_process import Kapok


class Metrics(unittest.TestCase):
    def setUp(self):
        self.kapok = self.enterContext(Kapok())
        self.gateway = Gateway(self.kapok)
        self.desk = Desk(self.kapok, "sm-1")

    def page(self):
        address = f"http://127.0.0.1:{self.kapok.operations_port}/metrics"
        with urllib.request.urlopen(address, timeout=10) as answer:
            return answer.read().decode()

    def figure(self, name):
        found = re.search(rf"^{re.escape(name)} (\S+)$", self.page(), re.MULTILINE)
        self.assertIsNotNone(found, name)
        return float(found[1])

    def test_a_call_is_counted_from_its_arrival_to_its_end(self):
        self.desk.ready(False)
        self.gateway.arrives("a")
        self.assertEqual(self.figure('kapok_calls_arrived_total{class="normal"}'), 1)
        self.assertEqual(self.figure('kapok_calls{state="waiting"}'), 1)
        self.assertGreater(self.figure("kapok_longest_wait_seconds"), 0)
        self.desk.ready()
        call = self.desk.accept(self.desk.offer())
        self.assertEqual(self.figure('kapok_calls{state="talking"}'), 1)
        self.assertEqual(self.figure('kapok_workers{state="talking"}'), 1)
        self.assertEqual(self.figure('kapok_wait_until_answer_seconds_count{class="normal"}'), 1)
        self.assertEqual(self.figure("kapok_longest_wait_seconds"), 0)
        self.desk.hang_up(call.call)
        self.assertEqual(self.figure('kapok_calls_ended_total{outcome="answered"}'), 1)
        self.assertEqual(self.figure('kapok_offers_ended_total{how="accepted"}'), 1)

    def test_the_page_says_how_the_server_is(self):
        self.assertEqual(self.figure('kapok_state{state="ok"}'), 1)
        self.assertEqual(self.figure('kapok_state{state="degraded"}'), 0)
        self.assertEqual(self.figure("kapok_gateways_attached"), 1)
        self.assertGreater(self.figure("kapok_commits_total"), 0)
        self.assertLess(self.figure("kapok_strand_delay_seconds"), 1)
        self.assertEqual(self.figure('kapok_log_messages_total{message="KPK-102"}'), 1)
        self.assertEqual(self.figure('kapok_log_messages_total{message="KPK-901"}'), 0)

    def test_nothing_on_it_identifies_anybody(self):
        call = self.gateway.arrives("a", caller="13812345678")
        self.desk.accept(self.desk.offer())
        page = self.page()
        for planted in ("13812345678", "5678", str(call), "sm-1", "沙面"):
            self.assertNotIn(planted, page)


if __name__ == "__main__":
    unittest.main()
