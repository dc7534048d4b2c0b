"""What a start reads does not grow with what is finished: counted in bytes read by the process, not in time."""

import pathlib
import subprocess
import tempfile
import time
import unittest
import urllib.error
import urllib.request

from kapok_process import BUILD, WAIT_S, free_port

OPEN_CALLS = 100
FEW, MANY = 1_000, 16_000
RATIO_MAX = 1.3  # deeper indices, a page here and there


class FilledStore(unittest.TestCase):
    def read_at_start(self, contacts):
        """Bytes that kapokd asked the system for between exec and ready."""
        folder = self.enterContext(tempfile.TemporaryDirectory(prefix="kapok-system-"))
        data, ready_port = pathlib.Path(folder) / "data", free_port()
        subprocess.run([BUILD / "clients/cli/kapokctl", "--json", "init", "--data", data, "--port", str(free_port()),
                        "--operations-port", str(ready_port), "--web-port", "-1"], check=True, capture_output=True, timeout=WAIT_S)
        subprocess.run([BUILD / "tests/bench/fill_store", data, str(contacts), str(OPEN_CALLS)], check=True, timeout=90)
        process = subprocess.Popen([BUILD / "server/kapokd", "--config", data / "kapokd.toml"],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            self.wait_ready(process, ready_port)
            lines = pathlib.Path(f"/proc/{process.pid}/io").read_text(encoding="ascii").splitlines()
            return int(dict(line.split(": ") for line in lines)["rchar"])
        finally:
            process.kill()
            process.wait(WAIT_S)

    def wait_ready(self, process, port):
        end = time.monotonic() + WAIT_S
        while time.monotonic() < end:
            self.assertIsNone(process.poll(), "kapokd ended at its start")
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/ready", timeout=5):
                    return
            except (OSError, urllib.error.URLError):
                time.sleep(0.02)
        self.fail("kapokd did not become ready")

    def test_a_start_reads_as_much_after_many_finished_contacts_as_after_few(self):
        few, many = self.read_at_start(FEW), self.read_at_start(MANY)
        self.assertLess(many, few * RATIO_MAX, f"{few} bytes after {FEW} contacts, {many} after {MANY}")


if __name__ == "__main__":
    unittest.main()
