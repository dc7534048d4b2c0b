"""Every role asks for everything that belongs to others, over the wire: nothing is allowed that the table does not name,
and in no byte that reaches those entitled to masked rows stands a planted number, name or text."""

import time
import unittest

import kapok_process
from city_people import SHAMIAN, Desk, Gateway, need
from kapok.v1 import (audit_pb2, call_pb2, contact_pb2, directory_pb2, duty_pb2, follow_up_pb2, gateway_pb2, need_pb2, referral_pb2,
                      report_pb2, session_pb2, watch_pb2)
from kapok_client import Client, Refused

NUMBER = "13800138765"
PLANTED = ("13800138765", "0138765", "13911112222", "植入", "沙面大街五十三号")
PEOPLE = (("lr-1", "440104001", "worker"), ("sm-off", "440103001", "station_official"),
          ("ln-off", "440103002", "station_official"), ("sup-2", "4401", "supervisor"),
          ("night-1", "4401", "duty_supervisor"), ("dl-1", "440103", "district_lead"),
          ("dl-2", "440104", "district_lead"), ("rl-1", "4401R1", "region_lead"), ("ca-1", "440103", "civil_affairs"),
          ("aud-1", "4401", "auditor"), ("eval-1", "4401", "evaluator"), ("oper-1", "4401", "system_operator"),
          ("steward-2", "4401", "data_steward"))
# Whom the table lets ask, of all these people; whoever is not named is refused. `ln-2` is of the other station of the
# district, to which the referral goes.
ALLOWED = {
    "list_shifts": {"lr-1", "ln-2", "sup-2", "sm-off", "night-1", "dl-1", "rl-1", "ca-1"},
    "show_contact": {"sm-off", "night-1", "dl-1", "rl-1", "eval-1"},
    "search_log": {"lr-1", "ln-2", "sm-off", "ln-off", "sup-2", "night-1", "dl-1", "dl-2", "rl-1", "eval-1"},
    "export_log": {"dl-1", "rl-1"},
    "list_callbacks": {"lr-1", "ln-2", "sup-2", "night-1", "dl-1", "rl-1"},
    "list_missed": {"night-1", "dl-1", "rl-1"},
    "list_referrals": {"lr-1", "ln-2", "ln-off", "sup-2", "night-1", "dl-1", "rl-1", "ca-1", "eval-1"},
    "show_referral": {"ln-2", "sm-off", "ln-off", "night-1", "dl-1", "rl-1", "ca-1", "eval-1"},
    "watch": {"sm-off", "night-1", "dl-1", "rl-1"},
    "report_day": {"sm-off", "night-1", "dl-1", "rl-1", "ca-1", "eval-1"},
    "import_begin": {"steward-2"}, "set_password": {"steward-2"}, "enrol_device": {"steward-2"},
    "get_status": {"oper-1"}, "list_readings": {"aud-1"},
}
RIGHTS = {"FORBIDDEN", "NOT_YOURS"}
# What those may try on who is entitled; the version or state they name is wrong.
BEYOND_RIGHTS = {("accept_referral", "ln-2"), ("return_referral", "ln-2"), ("complete_referral", "ln-2"),
                 ("claim_callback", "night-1"), ("acknowledge_missed", "night-1")}
CHANGES = {"set_password", "enrol_device"}


class Recording(Client):
    def __init__(self, *where):
        self.raw = b""
        super().__init__(*where)

    def _exactly(self, count):
        part = super()._exactly(count)
        self.raw += part
        return part


class TwoDistricts(kapok_process.Kapok):
    REGIONS = kapok_process.Kapok.REGIONS + "4401,广州市,Guangzhou,4401R1,中部区域,Central,440104,越秀区,Yuexiu,yes\n"
    STATIONS = kapok_process.Kapok.STATIONS + "440104001,440104,越秀区,Yuexiu,六榕街道,Liurong Subdistrict,street\n"
    PEOPLE = kapok_process.Kapok.PEOPLE + "".join(
        f"{account},某{number},{unit},{role},,{'desk' if role == 'worker' else ''},yes\n"
        for number, (account, unit, role) in enumerate(PEOPLE))
    PATCHES = kapok_process.Kapok.PATCHES + "sup-2,440104001,yes\n"


def form():
    return contact_pb2.ContactFields(
        type=contact_pb2.CONTACT_TYPE_SELF, person_name="梁植入婆", person_number="13911112222",
        address="沙面大街五十三号", summary="家中米面将尽，植入之文", risk=contact_pb2.RISK_LEVEL_NONE,
        needs=[need(need_pb2.NEED_KIND_RICE_FLOUR, detail="植入的详情")])


class Rights(unittest.TestCase):
    def setUp(self):
        kapok_process.Client, before = Recording, kapok_process.Client
        self.addCleanup(setattr, kapok_process, "Client", before)
        self.kapok = self.enterContext(TwoDistricts(factor=20))
        self.gateway, self.desk = Gateway(self.kapok), Desk(self.kapok, "sm-1")
        self.units = {code: self.desk.unit(code) for code in ("440103001", "440103002")}
        self.write_up()
        self.leave_unanswered()
        self.desk.ready()
        self.gateway.arrives("live", caller=NUMBER)
        self.live = self.desk.accept(self.desk.offer())
        self.gateway.arrives("waits", caller=NUMBER)

    def write_up(self):
        for gw_ref in ("a", "b"):
            self.gateway.arrives(gw_ref, caller=NUMBER)
            call = self.desk.accept(self.desk.offer())
            self.desk.hang_up(call.call)
            if gw_ref == "a":
                dispatch = contact_pb2.Dispatch(needs=[0], to_unit=self.units["440103002"], note="植入之派单")
                self.done = self.desk.finalise(call.contact, call.contact_version, form(), [dispatch])
            else:
                self.draft = self.desk.draft(call.contact, call.contact_version, form())

    def leave_unanswered(self):
        client = self.desk.client
        client.change(end_after_call=duty_pb2.EndAfterCall())
        self.desk.ready(False)
        for gw_ref, caller in (("c", "13800138999"), ("w", "")):
            self.gateway.arrives(gw_ref, caller=caller)
            time.sleep(0.7)
            self.gateway.leaves(gw_ref)
        callback, = client.ask(list_callbacks=follow_up_pb2.ListCallbacks()).callbacks
        self.callback = client.change(claim_callback=follow_up_pb2.ClaimCallback(
            callback=callback.callback, version=callback.version))
        self.missed, = client.ask(list_missed=follow_up_pb2.ListMissed()).missed

    def requests(self):
        """Everything there is to ask about these objects."""
        sm, ln = self.units["440103001"], self.units["440103002"]
        me = self.desk.client.me.worker
        now = self.desk.client.ask(ping=session_pb2.Ping()).now_us
        done, referral = self.done.contact, self.done.referrals[0]
        callback = dict(callback=self.callback.callback, version=self.callback.version)
        draft = dict(contact=self.draft.contact, version=self.draft.version, fields=form())
        order = dict(referral=referral, version=99)
        return dict(
            list_shifts=duty_pb2.ListShifts(unit=sm), take_duty=duty_pb2.TakeDuty(unit=sm),
            hand_back=call_pb2.HandBack(call=self.live.call), hang_up=call_pb2.HangUp(call=self.live.call),
            save_draft=contact_pb2.SaveDraft(**draft), finalise_contact=contact_pb2.FinaliseContact(**draft),
            correct_contact=contact_pb2.CorrectContact(contact=done, version=self.done.version, fields=form(), reason="改"),
            confirm_contact=contact_pb2.ConfirmContact(contact=done, version=self.done.version),
            review_contact=contact_pb2.ReviewContact(contact=done, version=self.done.version, note="阅"),
            record_manual=contact_pb2.RecordManual(unit=sm, occurred_at_us=now, fields=form()),
            show_contact=contact_pb2.ShowContact(contact=done), list_drafts=contact_pb2.ListDrafts(unit=sm),
            search_log=contact_pb2.SearchLog(text="米面"),
            export_log=contact_pb2.ExportLog(search=contact_pb2.SearchLog(unit=sm)),
            list_callbacks=follow_up_pb2.ListCallbacks(unit=sm), list_missed=follow_up_pb2.ListMissed(unit=sm),
            claim_callback=follow_up_pb2.ClaimCallback(callback=self.callback.callback, version=99),
            dial_callback=follow_up_pb2.DialCallback(**callback), callback_done=follow_up_pb2.CallbackDone(**callback),
            callback_attempted=follow_up_pb2.CallbackAttempted(result=2, **callback),
            acknowledge_missed=follow_up_pb2.AcknowledgeMissed(missed=self.missed.missed, version=99),
            create_referral=referral_pb2.CreateReferral(contact=done, to_unit=ln),
            list_referrals=referral_pb2.ListReferrals(unit=ln), show_referral=referral_pb2.ShowReferral(referral=referral),
            accept_referral=referral_pb2.AcceptReferral(**order),
            return_referral=referral_pb2.ReturnReferral(reason=1, **order),
            redispatch_referral=referral_pb2.RedispatchReferral(to_unit=ln, **order),
            complete_referral=referral_pb2.CompleteReferral(result=1, note="x", **order),
            withdraw_referral=referral_pb2.WithdrawReferral(reason="x", **order),
            watch=watch_pb2.Watch(unit=sm), report_day=report_pb2.ReportDay(unit=sm, day_us=now),
            get_status=report_pb2.GetStatus(), list_readings=audit_pb2.ListReadings(record=done),
            import_begin=directory_pb2.ImportBegin(kind=5, bytes_total=10),
            set_password=session_pb2.SetPassword(worker=me, password="correct horse battery staple"),
            enrol_device=session_pb2.EnrolDevice(worker=me, label="x"),
            attach_gateway=gateway_pb2.AttachGateway(name="x", kind="native", epoch=1))

    def test_nobody_is_allowed_more_than_the_table_names_and_nothing_unmasked_leaves(self):
        requests = self.requests()
        for account in [person[0] for person in PEOPLE] + ["ln-2"]:
            client = self.kapok.sign_in(account)
            for name, message in requests.items():
                time.sleep(0.03)  # a client may ask 20 times a second
                with self.subTest(account=account, request=name):
                    heard = self.heard(client, name, message)
                    if account in ALLOWED.get(name, ()):
                        self.assertEqual(heard, "OK")
                    elif (name, account) in BEYOND_RIGHTS:
                        self.assertNotIn(heard, RIGHTS | {"OK"})
                    else:
                        self.assertIn(heard, RIGHTS)
            with self.subTest(account=account, request="any byte"):
                self.assertEqual([text for text in PLANTED if text.encode() in client.raw], [])
            client.close()

    def test_the_roster_of_another_station_shows_ones_own_shifts_alone(self):
        asked = duty_pb2.ListShifts(unit=self.units["440103001"])
        seen = {account: [shift.worker_name for shift in self.kapok.sign_in(account).ask(list_shifts=asked).shifts]
                for account in ("lr-1", "ln-2", "sup-2", "sm-2")}
        self.assertEqual(seen, {"lr-1": [], "ln-2": [], "sup-2": [], "sm-2": ["陈嘉"]})

    def heard(self, client, name, message):
        client.last_key += 1
        try:
            client.ask(key=client.last_key, **{name: message})
            return "OK"
        except Refused as refused:
            return refused.code


if __name__ == "__main__":
    unittest.main()
