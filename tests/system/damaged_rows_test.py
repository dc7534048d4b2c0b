"""Rows of a stopped store are changed behind the server's back: it starts, names them and serves the rest."""

import sqlite3
import time
import unittest

from city_people import LINGNAN, SHAMIAN, Desk, Gateway
from kapok.v1 import contact_pb2, directory_pb2, need_pb2
from kapok_process import WAIT_S, Kapok


def form(summary):
    return contact_pb2.ContactFields(type=contact_pb2.CONTACT_TYPE_SELF, person_name="梁婆", person_number="13911112222",
                                     address="沙面大街", summary=summary, risk=contact_pb2.RISK_LEVEL_NONE)


class Damaged(unittest.TestCase):
    def setUp(self):
        self.kapok = self.enterContext(Kapok())

    def sql(self, *statements):
        """Runs statements on the stopped store."""
        store = sqlite3.connect(self.kapok.data / "kapok.db")
        for statement in statements:
            self.assertNotEqual(store.execute(statement).rowcount, 0, statement)
        store.commit()
        store.close()

    def scan(self, *options):
        return self.kapokctl("store", "scan", "--data", self.kapok.data, *options)

    def kapokctl(self, *words, **more):
        return self.kapok.kapokctl("--lang", "en", *words, check=False, **more)

    def finalised(self, desk, gateway, name, summary):
        gateway.arrives(name, caller="020-09001234")
        view = desk.accept(desk.offer())
        desk.hang_up(view.call)
        desk.finalise(view.contact, view.contact_version, form(summary))
        desk.ready()
        return view.contact

    def wait_named(self, table):
        """Lines about a table, once there is one: the log is written a moment after."""
        end = time.monotonic() + WAIT_S
        while not self.named(table):
            self.assertLess(time.monotonic(), end, f"{table}\n{self.kapok.log_text()[-3000:]}")
            time.sleep(0.02)
        return self.named(table)

    def named(self, table):
        return [line for line in self.kapok.log_text().splitlines() if "ROW_DAMAGED" in line and f"table={table}" in line]

    def test_the_server_starts_with_damaged_calls_people_and_units_names_them_and_serves_the_rest(self):
        gateway = Gateway(self.kapok)
        first, second = Desk(self.kapok, "sm-1"), Desk(self.kapok, "ln-1")
        gateway.arrives("kept")
        kept = first.accept(first.offer())
        gateway.arrives("lost", dialled=LINGNAN)
        second.accept(second.offer())
        self.kapok.kill()
        self.sql("UPDATE call SET attempts = attempts + 1 WHERE gw_ref = 'lost'",
                 "UPDATE unit SET name_en = 'x' WHERE code IN ('440103001', '440103', '4401')",
                 "UPDATE worker SET skills = 7 WHERE account = 'ln-2'",
                 "UPDATE shift SET to_at = to_at + 1 WHERE id IN (SELECT MAX(id) FROM shift)",
                 "UPDATE worker_state SET city_id = 2 WHERE id IN (SELECT id FROM worker WHERE account = 'sm-1')",
                 "UPDATE line SET name_zh = 'x' WHERE name_zh = '登记线'")
        self.kapok.start()
        gateway = Gateway(self.kapok, (("kept", SHAMIAN, 3), ("lost", LINGNAN, 3)))
        desk = Desk(self.kapok, "sm-2")
        gateway.arrives("after", caller="020-09005678")
        self.assertEqual(desk.accept(desk.offer()).call > kept.call, True)
        for table in ("call", "unit", "worker", "shift", "worker_state", "line"):
            self.wait_named(table)
        self.kapok.stop()
        scanned = self.scan()
        self.assertEqual(scanned.returncode, 1, scanned.stdout + scanned.stderr)
        for table in ("call ", "unit ", "worker ", "shift ", "worker_state ", "line "):
            self.assertIn(table, scanned.stdout)

    def test_a_list_shows_the_sound_rows_and_says_that_one_is_damaged(self):
        gateway, desk = Gateway(self.kapok), Desk(self.kapok, "sm-1")
        contacts = [self.finalised(desk, gateway, str(number), "需要米面") for number in range(3)]
        self.kapok.stop()
        self.sql(f"UPDATE contact SET risk = 'high' WHERE id = {contacts[1]}")
        self.kapok.start()
        client = self.kapok.sign_in("sm-1")
        page = client.ask(search_log=contact_pb2.SearchLog(text="米面"))
        self.assertEqual(len(page.rows), 3)
        self.assertEqual(len([row for row in page.rows if row.contact == contacts[1] and row.display_number == "ROW_DAMAGED"]), 1)
        self.assertEqual(len(self.wait_named("contact")), 1)
        client.ask(search_log=contact_pb2.SearchLog(text="米面"))
        self.assertEqual(len(self.named("contact")), 1, "named once")

    def test_rebuild_makes_search_find_again_and_a_repaired_row_leaves_quarantine(self):
        gateway, desk = Gateway(self.kapok), Desk(self.kapok, "sm-1")
        contact = self.finalised(desk, gateway, "one", "需要米面")
        self.kapok.stop()
        self.sql("DELETE FROM search_document", "INSERT INTO search_text (search_text) VALUES ('delete-all')")
        self.kapok.start()
        self.assertEqual(len(self.kapok.sign_in("sm-1").ask(search_log=contact_pb2.SearchLog(text="米面")).rows), 0)
        self.kapok.stop()
        self.sql(f"UPDATE contact SET point_id = 7 WHERE id = {contact}")
        self.assertEqual(self.scan().returncode, 1)
        self.sql(f"UPDATE contact SET point_id = NULL WHERE id = {contact}")
        rebuilt = self.scan("--rebuild")
        self.assertEqual(rebuilt.returncode, 0, rebuilt.stdout + rebuilt.stderr)
        self.assertIn("search remade: 1 contacts of 1 finalised", rebuilt.stderr)
        self.kapok.start()
        self.assertEqual(len(self.kapok.sign_in("sm-1").ask(search_log=contact_pb2.SearchLog(text="米面")).rows), 1)
