"""A practice city for one browser test: a real kapokd and a gateway that brings calls in. Obeys one JSON order per
line on standard input, `{"do": NAME, …}`, and answers each with one line; ends with its input."""

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


def serve():
    with Kapok() as kapok:
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
