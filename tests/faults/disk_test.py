"""Disks that fail under a busy server (reliability.md §2.2): whatever happens to them, what was acknowledged — saved in
the store or in the spool — is there afterwards, once, and nothing else of it is."""

import os
import random
import sqlite3
import subprocess
import time
import unittest
import urllib.error
import urllib.request

from city_people import Desk, Gateway
from kapok.v1 import gateway_pb2, session_pb2
from kill_run import KillRun, ReadyKapok

LOG, STORE, SPOOL = "*/data/kapok.db-wal", "*/data/kapok.db*", "*/spool/*"
KILLS = int(os.environ.get("KAPOK_FAULT_KILLS", "4"))


class FaultRun(KillRun):
    """As the kill loop, but each server works on a disk that fails for a while, and is killed while it does."""

    TITLE = "kill -9 on a failing disk"

    def __init__(self, kapok, rules):
        super().__init__(kapok, KILLS, random.randrange(1, 1 << 31), 120)
        self.rules, self.struck = rules, 0

    def end(self, process):
        ordered = [self.kapok.faults.add(*rule[:3], **(rule[3] if len(rule) > 3 else {})) for rule in self.rules]
        time.sleep(self.dice.uniform(0.1, 0.6))
        super().end(process)
        self.struck += sum(rule.struck() for rule in ordered)
        self.kapok.faults.clear()


class FailingDisk(unittest.TestCase):
    def survives(self, *rules):
        with ReadyKapok(faults=True) as kapok:
            run = FaultRun(kapok, rules).run()
            print(run.table())
            self.assertGreaterEqual(run.struck, KILLS // 2, "the disk did not fail often enough to say anything")
            self.assertEqual(run.findings.all(), [])
            self.assertEqual(run.city.sound, "ok")
            self.assertEqual(kapok.kapokctl("audit", "verify", "--data", kapok.data, check=False).returncode, 0)
            self.assertEqual(run.misread(20), [])

    def test_a_sync_that_fails_once(self):
        self.survives(("sync", "EIO", LOG, {"times": 1}))

    def test_syncs_that_fail_for_ever(self):
        self.survives(("sync", "EIO", STORE))

    def test_writes_that_fail_for_ever(self):
        self.survives(("write", "EIO", LOG))

    def test_a_full_disk(self):
        self.survives(("write", "ENOSPC", STORE))

    def test_a_full_disk_under_store_and_spool(self):
        self.survives(("write", "ENOSPC", STORE), ("write", "ENOSPC", SPOOL), ("allocate", "ENOSPC", SPOOL))

    def test_a_write_cut_short_and_then_no_room(self):
        self.survives(("write", "short", LOG, {"times": 3}), ("write", "ENOSPC", LOG, {"skip": 3}))


class SlowDisk(unittest.TestCase):
    def setUp(self):
        self.kapok = self.enterContext(ReadyKapok(faults=True))
        self.gateway = Gateway(self.kapok)

    def is_ready(self):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.kapok.operations_port}/ready", timeout=2) as answer:
                return answer.status == 200
        except urllib.error.HTTPError:
            return False

    def wait_ready(self, ready, within_s=10):
        end = time.monotonic() + within_s
        while self.is_ready() != ready:
            self.assertLess(time.monotonic(), end, f"/ready is not {ready} within {within_s} s")
            time.sleep(0.02)

    def slowest_ping_s(self, client, request):
        """While that request waits for the disk; a ping is answered by the city's strand and saves nothing."""
        slowest = 0
        while request not in client.replies:
            began = time.monotonic()
            client.ask(ping=session_pb2.Ping())
            slowest = max(slowest, time.monotonic() - began)
            time.sleep(0.005)
        return slowest

    def test_the_city_goes_on_deciding_while_the_disk_takes_its_time(self):
        bare = max(self.slowest_ping_s(self.gateway.client, self.gateway.client.send(beat=gateway_pb2.Beat()))
                   for _ in range(20))
        for delay_ms in (10, 100, 1000, 3000):
            slow = self.kapok.faults.add("sync", f"delay:{delay_ms}", LOG, times=1)
            began = time.monotonic()
            request = self.gateway.client.send(arrived=gateway_pb2.Arrived(
                gw_ref=f"ref-{delay_ms}", dialled="020-00100001", caller="020-09001234"))
            lag_s = self.slowest_ping_s(self.gateway.client, request)
            self.gateway.client.answer(request)
            took_s = time.monotonic() - began
            print(f"sync {delay_ms} ms: acknowledged after {took_s * 1000:.0f} ms, slowest ping {lag_s * 1000:.0f} ms, "
                  f"without {bare * 1000:.0f} ms")
            self.assertEqual(slow.struck(), 1)
            self.assertGreaterEqual(took_s, delay_ms / 1000)
            if delay_ms >= 1000:
                self.assertLess(lag_s, delay_ms / 2000, "the strand waited for the disk")

    def test_a_stuck_disk_takes_readiness_away_and_gives_it_back(self):
        self.wait_ready(True)
        self.kapok.faults.add("sync", "delay:4000", LOG, times=1)
        request = self.send_arrival("a")
        self.wait_ready(False)
        self.gateway.client.answer(request)
        self.wait_ready(True)
        log = self.kapok.log_text()
        self.assertEqual(log.count("STORE_COMMIT_SLOW"), 2, log[-1000:])
        self.assertIn("ready=0", log)
        self.assertNotIn("HANG_DETECTED", log)

    def send_arrival(self, ref):
        return self.gateway.client.send(arrived=gateway_pb2.Arrived(gw_ref=ref, dialled="020-00100001"))

    def test_a_foreign_reader_starves_the_checkpoint_alone(self):
        reader = sqlite3.connect(f"file:{self.kapok.data}/kapok.db?mode=ro", uri=True, isolation_level=None)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM call").fetchone()
        for number in range(30):
            self.gateway.arrives(f"held-{number}")
        log_bytes = (self.kapok.data / "kapok.db-wal").stat().st_size
        time.sleep(0.3)  # the writer is idle and tries to checkpoint
        self.gateway.arrives("after")
        self.assertGreater((self.kapok.data / "kapok.db-wal").stat().st_size, log_bytes, "the log began anew under a reader")
        reader.close()
        self.kapok.stop()


class SecondServer(unittest.TestCase):
    def test_a_second_server_on_the_same_data_is_refused_within_a_second(self):
        with ReadyKapok() as kapok:
            began = time.monotonic()
            done = subprocess.run(kapok.command(), capture_output=True, text=True, timeout=30)
            took = time.monotonic() - began
            self.assertNotEqual(done.returncode, 0)
            self.assertIn("kapokd:", done.stderr)
            self.assertLess(took, 1, done.stderr)
            Desk(kapok, "sm-1")


if __name__ == "__main__":
    unittest.main()
