"""The store's disk is full while callers wait and workers write: calls and drafts go on, everybody is told, and when
there is space again each acknowledged change lies in the store exactly once (decision 18)."""

import json
import time
import unittest
import urllib.error
import urllib.request

from city_people import SHAMIAN, Desk, Gateway
from kapok.v1 import (call_pb2, common_pb2, contact_pb2, duty_pb2, follow_up_pb2, frame_pb2, gateway_pb2, report_pb2,
                      session_pb2)
from kapok_client import Refused
from kapok_process import WAIT_S, Kapok

SPOOL, STORE = frame_pb2.SAVED_SPOOL, frame_pb2.SAVED_STORE
TOLD_S, BACK_S = 1, 5


def fields(summary):
    return contact_pb2.ContactFields(type=contact_pb2.CONTACT_TYPE_SELF, risk=contact_pb2.RISK_LEVEL_NONE,
                                     summary=summary)


class FullDisk(unittest.TestCase):
    """One call is talking and its draft open when the disk fills up. The spool lies on another one."""

    def setUp(self):
        self.kapok = self.enterContext(Kapok(faults=True))
        self.kapok.stop()
        config = self.kapok.data / "kapokd.toml"
        lines = [line for line in config.read_text(encoding="utf-8").splitlines() if not line.startswith("spool_dir")]
        config.write_text("\n".join([f'spool_dir = "{self.kapok.path / "spool"}"', *lines, ""]), encoding="utf-8")
        self.kapok.start()
        self.gateway, self.desk = Gateway(self.kapok), Desk(self.kapok, "sm-1")
        self.centre = self.kapok.sign_in("centre-1")
        self.steward = self.kapok.path / "steward.profile"
        self.acknowledged = {}
        self.first = self.takes_call("first")
        self.save(self.first, 1, "断粮两天")

    def takes_call(self, gw_ref):
        call = self.gateway.arrives(gw_ref, caller=f"020-090{len(self.acknowledged):05}")
        view = self.desk.accept(self.desk.offer())
        self.assertEqual(view.call, call)
        self.acknowledged[call] = view.contact
        return view

    def save(self, view, version, summary):
        saved = self.desk.draft(view.contact, version, fields(summary))
        self.assertEqual(saved.version, version + 1)
        return self.desk.client.saved

    def fill_disk(self):
        self.full = self.kapok.faults.add("write", "ENOSPC", "*/data/kapok.db*")
        began = time.monotonic()
        self.assertEqual(self.save(self.first, 2, "断粮两天，独居"), SPOOL)
        for client in (self.desk.client, self.gateway.client, self.centre):
            notice = client.push("server_notice", TOLD_S)
            self.assertEqual(notice.state, "degraded")
            self.assertTrue(notice.text_zh and notice.text_en)
        self.assertLess(time.monotonic() - began, TOLD_S + 1)
        self.assertGreater(self.full.struck(), 0)

    def free_disk(self):
        began = time.monotonic()
        self.full.lift()
        for client in (self.desk.client, self.gateway.client, self.centre):
            self.assertEqual(client.push("server_notice", BACK_S).state, "ok")
        self.assertLess(time.monotonic() - began, BACK_S)

    def refused(self, client, **body):
        with self.assertRaises(Refused) as refused:
            client.ask(**body)
        return refused.exception.code

    def health(self):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.kapok.operations_port}/health", timeout=WAIT_S) as page:
                return json.load(page)["state"]
        except urllib.error.HTTPError as error:
            return json.load(error)["state"]

    def work_on(self):
        """What a day brings, all of it while the store is away."""
        self.desk.hang_up(self.first.call)
        self.desk.client.change(end_after_call=duty_pb2.EndAfterCall())
        self.assertEqual(self.desk.client.saved, SPOOL)
        second = self.takes_call("second")
        self.assertEqual(self.desk.client.saved, SPOOL)
        self.assertEqual(self.save(second, 1, "问药品配送"), SPOOL)
        self.desk.client.change(hand_back=call_pb2.HandBack(call=second.call, reason="要讲客家话"))
        self.desk.client.change(set_ready=duty_pb2.SetReady(ready=False))
        self.gateway.leaves("second")
        waiting = self.gateway.arrives("waiting", caller="020-09077777")
        self.acknowledged[waiting] = 0
        now = int(time.time() * 1_000_000)
        self.gateway.client.ask(backfill=gateway_pb2.Backfill(
            gw_ref="told", dialled=SHAMIAN, caller="020-09088888", arrived_at_us=now - 60_000_000,
            ended_at_us=now - 20_000_000))

    def check_ledger(self):
        """Every acknowledged call and text once, in the store, readable by its own worker."""
        rows = list(self.centre.ask(search_log=contact_pb2.SearchLog()).rows)
        for call, contact in self.acknowledged.items():
            mine = [row for row in rows if row.call == call]
            self.assertEqual(len(mine), 1, f"call {call}")
            self.assertEqual(mine[0].contact, contact)
        self.assertEqual(len(rows), len(self.acknowledged) + 1)  # and the one that was told
        numbers = [row.display_number for row in rows if row.display_number]
        self.assertEqual(len(numbers), len(set(numbers)))
        shown = self.desk.client.ask(show_contact=contact_pb2.ShowContact(contact=self.first.contact)).contact
        self.assertEqual((shown.version, shown.fields.summary), (3, "断粮两天，独居"))

    def check_audit(self):
        self.kapok.stop()
        self.kapok.kapokctl("audit", "verify", "--data", self.kapok.data)

    def test_calls_and_drafts_go_on_and_the_rest_is_refused_at_once(self):
        self.fill_disk()
        self.assertEqual(self.health(), "degraded")
        self.assertEqual(self.centre.ask(get_status=report_pb2.GetStatus()).state, "degraded")
        began = time.monotonic()
        self.assertEqual(self.refused(self.centre, search_log=contact_pb2.SearchLog()), "STORE_UNAVAILABLE")
        self.assertEqual(self.refused(self.desk.client, list_callbacks=follow_up_pb2.ListCallbacks()),
                         "STORE_UNAVAILABLE")
        self.assertLess(time.monotonic() - began, 0.5)
        shown = self.desk.client.ask(show_contact=contact_pb2.ShowContact(contact=self.first.contact)).contact
        self.assertEqual(shown.fields.summary, "断粮两天，独居")
        # Who comes now hears it too.
        late = self.kapok.client()
        self.assertEqual(late.push("server_notice", TOLD_S).state, "degraded")
        late.ask(resume=session_pb2.Resume(session_token=self.centre.me.session_token))
        self.work_on()
        self.free_disk()
        self.assertEqual(self.health(), "ok")
        self.check_ledger()
        finalised = self.desk.finalise(self.first.contact, 3, fields("断粮两天，独居"))
        self.assertEqual((finalised.version, self.desk.client.saved), (4, STORE))
        self.check_audit()

    def test_killed_while_the_disk_is_full_it_takes_in_the_spool_at_its_next_start(self):
        self.fill_disk()
        self.work_on()
        self.desk.client.last_key += 1
        key = self.desk.client.last_key
        self.desk.client.ask(key=key, set_ready=duty_pb2.SetReady(ready=False))
        self.kapok.kill()
        self.full.lift()
        self.kapok.start()
        self.centre = self.kapok.resume(self.centre)
        self.desk.client = self.kapok.resume(self.desk.client)
        self.assertEqual(self.centre.ask(get_status=report_pb2.GetStatus()).state, "ok")
        # What was acknowledged last is known by its key, and not done again.
        self.desk.client.ask(key=key, set_ready=duty_pb2.SetReady(ready=False))
        self.assertEqual(self.desk.client.repeats, 1)
        Gateway(self.kapok, [("waiting", SHAMIAN, common_pb2.CALL_STATE_WAITING)])
        self.check_ledger()
        self.check_audit()

    def test_the_disk_fills_up_again_and_again(self):
        for _ in range(3):
            self.fill_disk()
            self.free_disk()
            self.save(self.first, 3, "断粮两天")
            self.save(self.first, 4, "断粮")
            self.desk.hang_up(self.first.call)
            self.desk.client.change(end_after_call=duty_pb2.EndAfterCall())
            self.first = self.takes_call(f"next-{len(self.acknowledged)}")
            self.save(self.first, 1, "断粮两天")
        rows = self.centre.ask(search_log=contact_pb2.SearchLog()).rows
        self.assertEqual(sorted(row.call for row in rows), sorted(self.acknowledged))
        self.check_audit()


if __name__ == "__main__":
    unittest.main()
