"""An upgrade as systemd does it: SIGTERM, and a new process on the same port at once. Twenty of them under load: nothing
is lost or doubled, gateways keep their calls, and callers' and workers' clients find nobody for a moment only. One
client that does not listen delays nobody for long."""

import random
import threading
import time
import unittest

from city_people import SHAMIAN, Desk, Gateway
from kapok.v1 import common_pb2, session_pb2
from kapok_client import Client, Closed, Refused
from kill_run import KillRun, ReadyKapok, percent

UPGRADES = 20
GAP_MAX_S = 3.0
EXIT_MAX_S = 5.0
RECONNECT_S = 0.005
SLOW_MACHINE = 6  # an upgrade may take so many bare restarts where those alone are slow


class Attentive(threading.Thread):
    """Asks without a pause and connects again at once: how long nobody answers."""

    def __init__(self, kapok):
        super().__init__(daemon=True)
        self.kapok, self.over, self.gaps_s = kapok, False, []

    def run(self):
        last = None
        while not self.over:
            try:
                client = Client(self.kapok.port, self.kapok.fingerprint)
            except (OSError, Closed):
                time.sleep(RECONNECT_S)
                continue
            try:
                client.ask(hello=session_pb2.Hello(version_min=1, version_max=1, client="attentive"))
                client.ask(sign_in_device=session_pb2.SignInDevice(device_token=self.kapok.tokens["ln-2"]))
                if last:
                    self.gaps_s.append(time.monotonic() - last)
                while not self.over:
                    client.ask(ping=session_pb2.Ping())
                    last = time.monotonic()
                    time.sleep(0.06)  # a client may ask 20 times a second
            except (OSError, Closed, Refused):
                pass
            finally:
                client.close()


class UpgradeRun(KillRun):
    TITLE = "upgrades under load"

    def __init__(self, kapok, attentive, seed):
        super().__init__(kapok, UPGRADES, seed, 180)
        self.attentive, self.exit_s, self.codes = attentive, [], []

    def end(self, process):
        began = time.monotonic()
        process.terminate()
        self.codes.append(process.wait(30))
        self.exit_s.append(time.monotonic() - began)

    def more_rows(self):
        return [(f"{what}, p50 / max ms", f"{percent(values, .5)} / {percent(values, 1)}") for what, values in (
            ("SIGTERM → exit", self.exit_s), ("last answer → first answer of the next", self.attentive.gaps_s))]


def bare_restart_s(kapok):
    """Of a server that nobody uses, the slowest of three."""
    took = []
    for _ in range(3):
        began = time.monotonic()
        kapok.stop()
        kapok.start()
        took.append(time.monotonic() - began)
    return max(took)


class Upgrade(unittest.TestCase):
    def test_twenty_upgrades_under_load_lose_nothing_and_keep_every_call(self):
        with ReadyKapok() as kapok:
            bare_s = bare_restart_s(kapok)
            attentive = Attentive(kapok)
            run = UpgradeRun(kapok, attentive, random.randrange(1, 1 << 31))
            attentive.start()
            run.run()
            attentive.over = True
            print(run.table(), f"| bare restart, ms | {bare_s * 1000:.0f} |", sep="\n")
            self.assertEqual(run.findings.all(), [])
            self.assertEqual(run.kills, UPGRADES)
            self.assertEqual(set(run.codes), {0})
            self.assertGreaterEqual(len(attentive.gaps_s), UPGRADES * 3 // 4)
            self.assertLessEqual(max(run.exit_s), EXIT_MAX_S)
            self.assertLessEqual(max(attentive.gaps_s), max(GAP_MAX_S, SLOW_MACHINE * bare_s))

    def test_a_client_that_neither_reads_nor_closes_delays_the_exit_five_seconds_at_most(self):
        with ReadyKapok() as kapok:
            stuck = kapok.sign_in("sm-1")
            with stuck.tls:  # its reader waits for this for ever
                began = time.monotonic()
                kapok.process.terminate()
                self.assertEqual(kapok.process.wait(30), 0)
                self.assertLessEqual(time.monotonic() - began, EXIT_MAX_S)

    def test_clients_are_told_when_to_come_back_and_gateways_at_once(self):
        with ReadyKapok() as kapok:
            clients = [kapok.sign_in(account) for account in ("sm-1", "sm-2", "ln-1", "ln-2", "centre-1")]
            gateway = kapok.sign_in("gateway")
            kapok.process.terminate()
            notices = [client.push("server_notice") for client in clients]
            self.assertEqual({notice.state for notice in notices}, {"shutting_down"})
            self.assertEqual(len({notice.reconnect_after_ms for notice in notices}), len(clients), "all at once")
            self.assertLessEqual(max(notice.reconnect_after_ms for notice in notices), 5000)
            self.assertEqual(gateway.push("server_notice").reconnect_after_ms, 0)
            self.assertEqual(kapok.process.wait(30), 0)

    def test_who_talks_goes_on_talking_over_an_upgrade(self):
        with ReadyKapok() as kapok:
            desk, gateway = Desk(kapok, "sm-1"), Gateway(kapok)
            gateway.arrives("a")
            call = desk.accept(desk.offer())
            kapok.stop()
            kapok.start()
            Gateway(kapok, [("a", SHAMIAN, common_pb2.CALL_STATE_TALKING)]).client.no_push("release")
            desk.client = kapok.resume(desk.client)
            state = desk.open()
            self.assertEqual((state.state, state.call), (common_pb2.WORKER_STATE_TALKING, call.call))


if __name__ == "__main__":
    unittest.main()
