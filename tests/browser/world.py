"""A practice city for one browser test: a real kapokd and a gateway that brings calls in. Obeys one JSON order per
line on standard input, `{"do": NAME, …}`, and answers each with one line; ends with its input. Called with the word
`faults` its disk can fill up."""

import json
import sys

from city_people import LINGNAN, SHAMIAN, Gateway
from kapok_process import Kapok

LINES = {"shamian": SHAMIAN, "lingnan": LINGNAN}
PASSWORD = "practice-only-2026"
PEOPLE = ("sm-1", "sm-2", "ln-1", "ln-2", "supervisor-01")


class World:
    def __init__(self, kapok):
        self.kapok = kapok
        for account in PEOPLE:
            kapok.kapokctl("--profile", kapok.path / "steward.profile", "worker", "set-password", account, "--stdin",
                           text=PASSWORD + "\n")
        self.gateway = Gateway(kapok)

    def arrive(self, ref, line="shamian", caller="020-09001234"):
        return str(self.gateway.arrives(ref, dialled=LINES[line], caller=caller))

    def leave(self, ref):
        self.gateway.leaves(ref)

    def stop(self):
        self.kapok.stop()

    def start(self):
        self.kapok.start()
        self.gateway = Gateway(self.kapok)

    def kill(self):
        self.kapok.kill()

    def fill_disk(self):
        self.full = self.kapok.faults.add("write", "ENOSPC", "*/data/kapok.db*")

    def free_disk(self):
        self.full.lift()


def spool_elsewhere(kapok):
    """The spool lies on a disk that does not fill up."""
    kapok.stop()
    config = kapok.data / "kapokd.toml"
    lines = [line for line in config.read_text(encoding="utf-8").splitlines() if not line.startswith("spool_dir")]
    config.write_text("\n".join([f'spool_dir = "{kapok.path / "spool"}"', *lines, ""]), encoding="utf-8")
    kapok.start()


def serve():
    faults = "faults" in sys.argv[1:]
    with Kapok(faults=faults) as kapok:
        if faults:
            spool_elsewhere(kapok)
        world = World(kapok)
        print(json.dumps({"origin": origin(kapok), "password": PASSWORD}), flush=True)
        for line in sys.stdin:
            order = json.loads(line)
            try:
                answer = {"ok": getattr(world, order.pop("do"))(**order)}
            except Exception as why:  # told to the test, which fails by it
                answer = {"failed": repr(why)}
            print(json.dumps(answer), flush=True)


def origin(kapok):
    return f"https://127.0.0.1:{kapok.web_port}"


if __name__ == "__main__":
    serve()
