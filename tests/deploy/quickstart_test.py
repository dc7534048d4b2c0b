"""deploy/quickstart refuses in one sentence that names the cure, and its --smoke works and leaves nothing behind.
The programs must have been built into build/ before (quickstart itself would build them)."""

import os
import pathlib
import socket
import subprocess
import tempfile
import unittest

QUICKSTART = pathlib.Path(__file__).resolve().parents[2] / "deploy" / "quickstart"


def run(*words, path="", wait_s=30):
    env = {**os.environ, "PATH": path + os.environ["PATH"]}
    return subprocess.run([QUICKSTART, *map(str, words)], capture_output=True, text=True, timeout=wait_s, env=env)


class Refusals(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix="kapok-quickstart-")))

    def refused(self, *words, path=""):
        done = run(*words, path=path)
        sentences = [line for line in done.stderr.splitlines() if line.startswith("quickstart: ")]
        self.assertEqual((done.returncode, len(sentences)), (1, 1), done.stdout + done.stderr)
        return sentences[0]

    def test_a_port_that_is_taken_is_named_with_the_option_that_helps(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            self.assertRegex(self.refused("--dir", self.folder, "--port", port), rf"port {port} is taken: .*--port")

    def test_a_disk_that_is_too_full_is_named_with_what_is_needed(self):
        stand_in = self.folder / "df"
        stand_in.write_text("#!/bin/sh\necho header\necho disk 9 9 4000000 1% /\n")
        stand_in.chmod(0o755)
        self.assertRegex(self.refused("--dir", self.folder / "city", path=f"{self.folder}:"), r"3906 MiB free and 5 GiB")

    def test_a_number_of_workers_beyond_the_limits_is_refused(self):
        for workers in ("39", "7001", "many", "-1"):
            with self.subTest(workers):
                self.assertIn("40 to 7000", self.refused("--dir", self.folder, "--workers", workers))

    def test_clean_leaves_alone_what_it_did_not_make(self):
        (self.folder / "letter").write_text("mine")
        self.assertIn("left alone", self.refused("--dir", self.folder, "--clean"))
        self.assertTrue((self.folder / "letter").exists())


class Smoke(unittest.TestCase):
    def test_one_call_goes_from_its_arrival_to_the_end_of_what_it_set_in_motion(self):
        with tempfile.TemporaryDirectory(prefix="kapok-quickstart-") as folder:
            city = pathlib.Path(folder) / "city"
            done = run("--smoke", "--dir", city, wait_s=250)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            self.assertIn("smoke: everything above worked", done.stdout)
            self.assertFalse(city.exists())
            left = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, timeout=10).stdout
            self.assertNotIn(str(city), left)


if __name__ == "__main__":
    unittest.main()
