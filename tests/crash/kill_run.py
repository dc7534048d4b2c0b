"""Kills a real server again and again under load (reliability.md §2.4): the run, its figures and what it found."""

import faulthandler
import random
import socket
import sqlite3
import subprocess
import threading
import time

from kapok.v1 import contact_pb2, directory_pb2, watch_pb2
from kapok_process import Kapok
from kill_actors import Trunk, Worker
from kill_ledger import City, Findings, Ledger

WAIT_S = 120
KILL_WITHIN_S = 0.150
AT_ONCE = 0.25  # of the kills come while clients are still connecting


class ReadyKapok(Kapok):
    """Starts the server and knows from its own word (sd_notify) when it serves."""

    more = {}  # of the server's environment

    def _make(self):
        self.notices = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.notices.bind(str(self.path / "notify"))
        super()._make()

    def __exit__(self, *why):
        super().__exit__(*why)
        self.notices.close()

    def environment(self):
        return {**super().environment(), **self.more, "NOTIFY_SOCKET": str(self.path / "notify")}

    def next_notice(self):
        self.notices.settimeout(WAIT_S)
        return self.notices.recv(100)

    def start(self):
        """Seconds from exec to ready."""
        began = time.monotonic()
        self.notices.settimeout(0.25)
        with open(self.path / "kapokd.log", "ab") as log:
            self.process = subprocess.Popen(self.command(), stdout=log, stderr=log, env=self.environment())
        while time.monotonic() < began + WAIT_S:
            try:
                if self.notices.recv(100) == b"READY=1":
                    return time.monotonic() - began
            except TimeoutError:
                assert self.process.poll() is None, "kapokd ended at its start:\n" + self.log_text()[-2000:]
        raise AssertionError("kapokd is not ready:\n" + self.log_text()[-2000:])


def percent(values, share):
    """Milliseconds, for a table."""
    return f"{sorted(values)[min(len(values) - 1, int(len(values) * share))] * 1000:.0f}" if values else "-"


class KillRun:
    TITLE = "kill -9 under load"

    def __init__(self, kapok, kills, seed, time_max_s):
        self.kapok, self.wanted, self.seed, self.time_max_s = kapok, kills, seed, time_max_s
        self.ledger, self.dice = Ledger(), random.Random(seed)
        self.kills, self.reopen_s, self.back_s = 0, [], []
        self.over, self.finishing, self.server, self.back, self.broken = False, False, 1, set(), []
        self.changed = threading.Condition()
        self.centre = kapok.sign_in("centre-1")
        self.order_unit = self.centre.ask(find_units=directory_pb2.FindUnits(text="440103002")).units[0].unit
        self.trunk = Trunk(self, random.Random(seed + 1))
        self.workers = [Worker(self, "sm-1"), Worker(self, "sm-2"), Worker(self, "ln-1", lead=True), Worker(self, "ln-2")]

    # Called by the actors.

    def next_server(self, seen):
        """Waits for a server that the actor has not been on, a second at most: this one may have let him go; its number."""
        with self.changed:
            self.changed.wait_for(lambda: self.server > seen or self.over, 1)
            return self.server

    def is_back(self, actor):
        """Nobody is on a server that was killed: who says so since then is on the next, perhaps before it is counted."""
        with self.changed:
            self.back.add(actor)
            self.changed.notify_all()

    def broke(self, words):
        faulthandler.dump_traceback()  # where everybody stood
        with self.changed:
            self.broken.append(words)
            self.changed.notify_all()

    # The run.

    def run(self):
        end = time.monotonic() + self.time_max_s
        self.started = time.monotonic()
        for actor in (self.trunk, *self.workers):
            actor.start()
        while self.kills < self.wanted and time.monotonic() < end and not self.broken:
            self.one_kill()
        self.took_s = time.monotonic() - self.started
        if not self.broken:
            self.finish()
        with self.changed:
            self.over = True
            self.changed.notify_all()
        for actor in (self.trunk, *self.workers):
            actor.join(WAIT_S)
            actor.client.close()
        assert not self.broken, "\n".join(self.broken) + self.kapok.log_text()[-2000:]
        self.kapok.stop()
        self.city = City(self.kapok.data)
        self.findings = Findings(self.ledger, self.city)
        return self

    def one_kill(self):
        """Ends one server and starts the next."""
        if self.dice.random() >= AT_ONCE:
            self.wait_back()
        time.sleep(self.dice.uniform(0, KILL_WITHIN_S))
        process = self.kapok.process
        if process.poll() is not None:
            return self.broke(f"the server died by itself with {process.returncode}")
        self.end(process)
        self.kills += 1
        with self.changed:
            self.back.clear()
        self.reopen_s.append(self.kapok.start())
        self.ready_at = time.monotonic()
        with self.changed:
            self.server += 1
            self.changed.notify_all()

    def end(self, process):
        process.kill()
        process.wait()

    def wait_back(self):
        with self.changed:
            there = self.changed.wait_for(lambda: len(self.back) == 1 + len(self.workers) or self.broken, WAIT_S)
        if not there:
            self.broke(f"only {[actor.account for actor in self.back]} came back within {WAIT_S} s")
        elif self.kills:
            self.back_s.append(time.monotonic() - self.ready_at)

    def finish(self):
        """Without further kills: nobody new calls, all who wait leave, all is written up."""
        self.wait_back()
        self.finishing = True
        end = time.monotonic() + WAIT_S
        left = None
        while time.monotonic() < end and not self.broken:
            time.sleep(0.5)
            left = (sorted(self.trunk.held), self.open_calls(), self.drafts())
            if not any(left):
                return
        self.broke(f"{WAIT_S} s after the last kill there is still {left}")

    def open_calls(self):
        centre = self.kapok.sign_in("centre-1")
        centre.ask(watch=watch_pb2.Watch(unit=centre.me.unit, once=True))
        calls = [call.call for call in centre.push("snapshot_page").calls]
        centre.close()
        self.kapok.clients.remove(centre)
        return calls

    def drafts(self):
        with sqlite3.connect(f"file:{self.kapok.data}/kapok.db?mode=ro", uri=True) as store:
            return [row[0] for row in store.execute("SELECT id FROM contact WHERE state = 'draft'")]

    def misread(self, most=100):
        """Of the finalised records a sample is read back as a supervisor does; what was wrong."""
        self.kapok.start()
        supervisor, wrong = self.kapok.sign_in("supervisor-01"), []
        sample = self.dice.sample(sorted(self.ledger.finalised), min(most, len(self.ledger.finalised)))
        for contact in sample:
            time.sleep(0.05)  # a client may ask 20 times a second
            shown = supervisor.ask(show_contact=contact_pb2.ShowContact(contact=contact)).contact
            summary, version, _ = self.ledger.finalised[contact]
            if (shown.fields.summary, shown.version) != (summary, version):
                wrong.append(f"record {contact} reads {shown.fields.summary} {shown.version}, not {summary} {version}")
        self.kapok.stop()
        return wrong

    def more_rows(self):
        return []

    def table(self):
        """For people and for tests/README.md."""
        ledger, found = self.ledger, self.findings
        rows = [("kills", self.kills), ("seconds", f"{self.took_s:.0f}"), ("acknowledged", ledger.acked),
                ("arrivals / answers / records / orders",
                 f"{len(ledger.arrived)} / {len(ledger.answered)} / {len(ledger.finalised)} / {len(ledger.orders)}"),
                ("resent after a kill", ledger.resent),
                ("lost", len(found.lost)), ("doubled", len(found.doubled)), ("out of order", len(found.disorder)),
                ("exec → ready, p50 / p99 / max ms",
                 f"{percent(self.reopen_s, .5)} / {percent(self.reopen_s, .99)} / {percent(self.reopen_s, 1)}"),
                ("ready → every client back, p50 / p99 / max ms",
                 f"{percent(self.back_s, .5)} / {percent(self.back_s, .99)} / {percent(self.back_s, 1)}"),
                *self.more_rows(), ("seed", self.seed)]
        return "\n".join(["", f"| {self.TITLE} | |", "|---|---|", *(f"| {what} | {value} |" for what, value in rows)])
