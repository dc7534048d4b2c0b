"""From exec to accepting: how long a kapokd of city size is away when it starts again (DESIGN §11), beside the bare
start of a fresh store."""

import os
import pathlib
import socket
import statistics
import subprocess
import sys
import tempfile
import time

BUILD = pathlib.Path(os.environ["KAPOK_BUILD"])
CONTACTS = int(os.environ.get("KAPOK_BENCH_CONTACTS", "200000"))
OPEN_CALLS = 500
STARTS = 7
WAIT_S = 60


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def is_ready(port):
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as link:
            link.sendall(b"GET /ready HTTP/1.1\r\nHost: kapok\r\nConnection: close\r\n\r\n")
            return b" 200 " in link.recv(64)
    except OSError:
        return False


def cpu_ms(pid):
    """What the process has used so far, all threads together: hardly changed by others on the machine."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


class Store:
    def __init__(self, folder, contacts=None, open_calls=0):
        self.data = pathlib.Path(folder) / ("city" if contacts is not None else "bare")
        self.ready_port = free_port()
        subprocess.run([BUILD / "clients/cli/kapokctl", "--json", "init", "--data", self.data, "--practice", "--port",
                        str(free_port()), "--operations-port", str(self.ready_port), "--web-port", "-1"], check=True, capture_output=True)
        if contacts is not None:
            began = time.monotonic()
            subprocess.run([BUILD / "tests/bench/fill_store", self.data, str(contacts), str(open_calls)], check=True)
            print(f"filled {contacts} contacts in {time.monotonic() - began:.0f} s", file=sys.stderr)

    def start_ms(self):
        """One start, and a kill: what counts is a start after a crash."""
        began = time.monotonic()
        process = subprocess.Popen([BUILD / "server/kapokd", "--config", self.data / "kapokd.toml"],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            while not is_ready(self.ready_port):
                if process.poll() is not None or time.monotonic() - began > WAIT_S:
                    raise SystemExit("kapokd did not become ready")
                time.sleep(0.002)
            return (time.monotonic() - began) * 1000, cpu_ms(process.pid)
        finally:
            process.kill()
            process.wait()


def main():
    with tempfile.TemporaryDirectory(prefix="kapok-start-") as folder:
        bare, city = Store(folder), Store(folder, CONTACTS, OPEN_CALLS)
        floor = [bare.start_ms() for _ in range(STARTS)]
        starts = [city.start_ms() for _ in range(STARTS)]
        times, cpu = zip(*starts)
        print(f"start, {CONTACTS // 1000},000 contacts, {OPEN_CALLS} open calls\t{statistics.median(times):.0f} ms\t"
              f"best {min(times):.0f}, worst {max(times):.0f} of {STARTS}, CPU {statistics.median(cpu):.0f} ms; bare start "
              f"of an empty store {statistics.median(ms for ms, _ in floor):.0f} ms; allowed 1000 ms")


if __name__ == "__main__":
    main()
