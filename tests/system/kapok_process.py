"""A real kapokd over a real data directory, for one test: made with kapokctl, on free loopback ports, stopped by
pid. The programs are found through the environment variable KAPOK_BUILD."""

import csv
import datetime
import json
import os
import pathlib
import signal
import socket
import subprocess
import tempfile
import time

from kapok.v1 import report_pb2, session_pb2
from disk_faults import DiskFaults
from kapok_client import Client

BUILD = pathlib.Path(os.environ["KAPOK_BUILD"])
CITY_TIME = datetime.timezone(datetime.timedelta(hours=8))
WAIT_S = 30


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Kapok:
    """`with Kapok() as kapok:` starts a practice city of one district, with the people of `PEOPLE`."""

    REGIONS = ("city_code,city_zh,city_en,region_code,region_zh,region_en,district_code,district_zh,district_en,invented\n"
               "4401,广州市,Guangzhou,4401R1,中部区域,Central,440103,荔湾区,Liwan,yes\n")
    STATIONS = ("code,district_code,district_zh,district_en,name_zh,name_en,kind\n"
                "440103001,440103,荔湾区,Liwan,沙面街道,Shamian Subdistrict,street\n"
                "440103002,440103,荔湾区,Liwan,岭南街道,Lingnan Subdistrict,street\n")
    LINES = ("number,name_zh,name_en,unit_code,mode,crisis,invented\n"
             "020-00100001,沙面街道社工站热线,Shamian line,440103001,trunk,no,yes\n"
             "020-00100002,岭南街道社工站热线,Lingnan line,440103002,trunk,no,yes\n"
             "020-00100003,登记线,Recorded line,440103002,recorded_only,no,yes\n")
    PEOPLE = ("account,name_zh,unit_code,roles,languages,endpoints,invented\n"
              "sm-1,陈嘉,440103001,worker,cantonese,desk;phone:020-02000001,yes\n"
              "sm-2,李敏,440103001,worker;station_lead,cantonese,desk,yes\n"
              "ln-1,黄明,440103002,worker;station_lead,cantonese,desk;phone:020-02000002,yes\n"
              "ln-2,吴洁,440103002,worker,cantonese,desk,yes\n"
              "duty,总值班,4401,worker,,duty_phone:020-02000009*4,yes\n"
              "supervisor-01,张慧,4401,supervisor,,,yes\n"
              "centre-1,何静,4401,city_centre,,,yes\n")
    PATCHES = "supervisor_account,station_code,invented\nsupervisor-01,440103001,yes\nsupervisor-01,440103002,yes\n"

    def __init__(self, factor=1, faults=False, planted=False):
        """With `faults` the server's disk and wall clock obey `self.faults` (disk_faults.py). With `planted` it is
        kapokd-faulty, which has the faults that `plant` names."""
        self.folder = tempfile.TemporaryDirectory(prefix="kapok-system-")
        self.path = pathlib.Path(self.folder.name)
        self.data = self.path / "data"
        self.port, self.operations_port, self.web_port = free_port(), free_port(), free_port()
        self.factor = factor
        self.faults = DiskFaults(self.path) if faults else None
        self.planted = self.path / "planted" if planted else None
        if planted:
            self.planted.mkdir()
        self.process = None
        self.clients = []

    def __enter__(self):
        try:
            self._make()
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for client in self.clients:
            client.close()
        if self.process and self.process.poll() is None:
            self.kill()
        self.folder.cleanup()

    def _make(self):
        made = json.loads(self.kapokctl("--json", "init", "--data", self.data, "--practice", "--city-code", "4401",
                                        "--city-name", "广州市", "--city-name-en", "Guangzhou", "--port", self.port,
                                        "--operations-port", self.operations_port, "--web-port", self.web_port))
        self.fingerprint = made["fingerprint"]
        self.secrets = {a["account"]: a.get("password") or a.get("device_token") for a in made["accounts"]}
        self.start()
        steward = self.path / "steward.profile"
        steward.write_bytes((self.data / "client.profile").read_bytes())
        self.kapokctl("--profile", steward, "login", "steward", text=self.secrets["steward"] + "\n")
        for kind in ("regions", "stations", "lines", "people", "patches"):
            self.take_in(kind, getattr(self, kind.upper()))
        self.stop()
        self.kapokctl("worker", "enrol-devices", "--all", "--data", self.data, "--out", self.path / "devices.csv")
        with open(self.path / "devices.csv", encoding="utf-8", newline="") as file:
            self.tokens = {row["account"]: row["device_token"] for row in csv.DictReader(file)}
        self.tokens["gateway"] = self.secrets["gateway"]

    def take_in(self, kind, text):
        """Imports a CSV text as the steward."""
        file = self.path / f"{kind}.csv"
        file.write_text(text, encoding="utf-8")
        self.kapokctl("--profile", self.path / "steward.profile", "import", kind, file)

    def roster(self, *shifts):
        """Imports shifts (account, unit code, by, first hour, last hour), the hours counted from now."""
        def at(hours):
            moment = datetime.datetime.now(CITY_TIME) + datetime.timedelta(hours=hours)
            return moment.isoformat(timespec="seconds")
        rows = [f"{account},{unit},{by},{at(first)},{at(last)},yes" for account, unit, by, first, last in shifts]
        self.take_in("shifts", "\n".join(["account,unit_codes,by,starts_at,ends_at,invented", *rows, ""]))

    def kapokctl(self, *words, text=None, check=True):
        done = subprocess.run([BUILD / "clients/cli/kapokctl", *map(str, words)], input=text, capture_output=True,
                              text=True, timeout=WAIT_S, env={**os.environ, "NO_COLOR": "1", "LANG": "C.UTF-8"})
        if check and done.returncode != 0:
            raise AssertionError(f"kapokctl {' '.join(map(str, words))}: exit {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout if check else done

    def start(self):
        with open(self.path / "kapokd.log", "ab") as log:
            self.process = subprocess.Popen(self.command(), stdout=log, stderr=log, env=self.environment())
        end = time.monotonic() + WAIT_S
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise AssertionError("kapokd ended at its start:\n" + self.log_text())
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.02)
        raise AssertionError("kapokd does not listen:\n" + self.log_text())

    def command(self):
        program = "tests/faults/kapokd-faulty" if self.planted else "server/kapokd"
        return [BUILD / program, "--config", self.data / "kapokd.toml", "--practice-clock", f"x{self.factor}"]

    def environment(self):
        faults = self.faults.environment() if self.faults else {}
        return {**os.environ, **faults, **({"KAPOK_PLANTED_FAULTS": str(self.planted)} if self.planted else {})}

    def plant(self, fault):
        """One of core/planted_fault.h's, from now on; a hang happens once."""
        (self.planted / fault).touch()

    def log_text(self):
        return (self.path / "kapokd.log").read_text(encoding="utf-8", errors="replace")

    def stop(self):
        """As systemd would; the exit code must be 0."""
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(WAIT_S)
        assert code == 0, f"kapokd ended with {code}:\n{self.log_text()}"

    def kill(self):
        self.process.kill()
        self.process.wait(WAIT_S)

    def client(self):
        """Connected and greeted."""
        client = Client(self.port, self.fingerprint)
        self.clients.append(client)
        welcome = client.ask(hello=session_pb2.Hello(version_min=1, version_max=1, client="system test"))
        assert welcome.version == 1
        return client

    def sign_in(self, account):
        """A client signed in with the account's enrolled device."""
        client = self.client()
        signed_in = client.ask(sign_in_device=session_pb2.SignInDevice(device_token=self.tokens[account]))
        client.last_key = signed_in.last_key
        client.me = signed_in
        return client

    def status(self):
        """Counts of the server, as the city's centre sees them."""
        return self.sign_in("centre-1").ask(get_status=report_pb2.GetStatus())

    def resume(self, client):
        """The same session over a new connection."""
        fresh = self.client()
        fresh.me = fresh.ask(resume=session_pb2.Resume(session_token=client.me.session_token))
        fresh.last_key = max(client.last_key, fresh.me.last_key)
        return fresh
