"""A browser's session: begun over HTTPS, kept in a cookie, entered through a pass, as limited and as ended as any."""

import re
import unittest

from city_people import Desk, Gateway
from kapok.v1 import common_pb2, session_pb2
from kapok_client import Refused
from kapok_process import Kapok
from web_client import Page


class WebDesk(Desk):
    """A worker on duty whose desk is a page in a browser."""

    def __init__(self, kapok, account):
        self.page = Page(kapok.web_port)
        kapok_like = type("SignsIn", (), {"sign_in": lambda _, who: signed_in(kapok, self.page, who)})()
        super().__init__(kapok_like, account)


def signed_in(kapok, page, account):
    me = page.begin(sign_in_device=session_pb2.SignInDevice(device_token=kapok.tokens[account]))
    client = page.socket(me.entry_pass)
    kapok.clients.append(client)
    return client


class WebSession(unittest.TestCase):
    def setUp(self):
        self.kapok = self.enterContext(Kapok())
        self.page = Page(self.kapok.web_port)

    def begin(self, account="sm-1"):
        return self.page.begin(sign_in_device=session_pb2.SignInDevice(device_token=self.kapok.tokens[account]))

    def entered(self, entry_pass):
        client = self.page.socket(entry_pass)
        self.kapok.clients.append(client)
        return client

    def refusal(self, ask):
        with self.assertRaises(Refused) as refused:
            ask()
        return refused.exception.code

    def test_a_call_is_taken_and_ended_in_a_browser(self):
        gateway = Gateway(self.kapok)
        desk = WebDesk(self.kapok, "sm-1")
        call = gateway.arrives("a")
        view = desk.accept(desk.offer())
        self.assertEqual((view.call, view.state), (call, common_pb2.CALL_STATE_TALKING))
        self.assertEqual(gateway.client.push("bridge").gw_ref, "a")
        self.assertEqual(desk.hang_up(call).outcome, common_pb2.CALL_OUTCOME_ANSWERED)

    def test_no_script_ever_holds_the_session_token(self):
        me = self.begin()
        self.assertEqual((me.account, me.session_token, len(me.entry_pass)), ("sm-1", "", 43))
        self.assertEqual(self.entered(me.entry_pass).me.session_token, "")

    def test_the_cookie_of_the_session_is_closed_to_scripts_and_to_other_sites(self):
        answer = self.page.post(sign_in_device=session_pb2.SignInDevice(device_token=self.kapok.tokens["sm-1"]))
        session, csrf = [value for name, value in answer.headers if name == "Set-Cookie"]
        self.assertRegex(session, r"^__Host-kapok=[\w-]{43}; Path=/; Secure; SameSite=Strict; HttpOnly$")
        self.assertRegex(csrf, r"^__Host-kapok-csrf=[0-9a-f]{64}; Path=/; Secure; SameSite=Strict$")
        self.assertEqual(answer.header("Cache-Control"), "no-store")

    def test_a_pass_is_good_once(self):
        me = self.begin()
        self.entered(me.entry_pass)
        self.assertEqual(self.refusal(lambda: self.entered(me.entry_pass)), "SESSION_ENDED")
        self.assertEqual(self.refusal(lambda: self.entered("x" * 43)), "SESSION_ENDED")

    def test_a_pass_is_worth_nothing_on_the_other_port(self):
        me = self.begin()
        native = self.kapok.client()
        self.assertEqual(self.refusal(
            lambda: native.ask(resume=session_pb2.Resume(entry_pass=me.entry_pass))), "SESSION_ENDED")
        self.assertEqual(self.refusal(
            lambda: native.ask(resume=session_pb2.Resume(session_token=me.entry_pass))), "SESSION_ENDED")

    def test_a_reloaded_page_goes_on_in_its_session_also_after_a_restart(self):
        first = self.begin()
        second = self.page.begin(resume=session_pb2.Resume())
        self.assertEqual(second.session, first.session)
        self.assertEqual(self.entered(second.entry_pass).me.session, first.session)
        self.kapok.kill()
        self.kapok.start()
        third = self.page.begin(resume=session_pb2.Resume())
        self.assertEqual(self.entered(third.entry_pass).me.session, first.session)

    def test_signing_out_in_one_place_ends_the_session_in_every_other(self):
        client = self.entered(self.begin().entry_pass)
        copy = Page(self.kapok.web_port)
        copy.cookies = dict(self.page.cookies)
        self.assertEqual(self.page.post(sign_out=session_pb2.SignOut()).status, 200)
        self.assertEqual(self.page.cookies, {})
        self.assertEqual(self.refusal(lambda: copy.begin(resume=session_pb2.Resume())), "SESSION_ENDED")
        self.assertEqual(copy.cookies, {})
        self.assertIn(self.refusal(lambda: client.ask(sign_out=session_pb2.SignOut())),
                      ("NOT_SIGNED_IN", "SESSION_ENDED"))

    def test_a_pass_of_a_session_that_ended_meanwhile_opens_nothing(self):
        me = self.begin()
        self.page.post(sign_out=session_pb2.SignOut())
        self.assertEqual(self.refusal(lambda: self.entered(me.entry_pass)), "SESSION_ENDED")

    def test_what_changes_a_session_needs_its_own_anti_forgery_value(self):
        self.begin()
        wrong = {"X_Kapok_Csrf": "0" * 64}
        for headers in (wrong, {"X_Kapok_Csrf": None}):
            for body in ({"resume": session_pb2.Resume()}, {"sign_out": session_pb2.SignOut()}):
                answer = self.page.post(headers=headers, **body)
                self.assertEqual((answer.status, answer.reply().error.code), (403, "FORBIDDEN"))
        self.assertEqual(self.page.post(resume=session_pb2.Resume()).status, 200)

    def test_a_wrong_password_is_told_and_slowed_down_as_on_the_other_port(self):
        wrong = {"sign_in": session_pb2.SignIn(account="steward", password="wrong wrong wrong")}
        told = [self.page.post(**wrong) for _ in range(6)]
        self.assertEqual([(a.status, a.reply().error.code) for a in told[:5]], [(401, "WRONG_CREDENTIALS")] * 5)
        self.assertEqual((told[5].status, told[5].reply().error.code), (429, "LOCKED_OUT"))
        self.assertEqual(told[5].header("Retry-After"), "1")
        right = session_pb2.SignIn(account="operator", password=self.kapok.secrets["operator"])
        self.assertEqual(self.page.begin(sign_in=right).account, "operator")

    def test_only_what_begins_and_ends_sessions_is_asked_over_https(self):
        answer = self.page.post(ping=session_pb2.Ping())
        self.assertEqual((answer.status, answer.reply().error.code), (400, "UNKNOWN_REQUEST"))

    def test_neither_log_nor_answer_shows_a_token(self):
        me = self.begin()
        self.entered(me.entry_pass)
        log = self.kapok.log_text()
        for secret in (me.entry_pass, *self.page.cookies.values(), self.kapok.tokens["sm-1"]):
            self.assertIsNone(re.search(re.escape(secret), log))


if __name__ == "__main__":
    unittest.main()
