#!/usr/bin/env python3
"""The committed directory of Guangzhou and the people and rosters that make-people invents for it."""

import collections
import csv
import datetime
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
FOLDER = REPOSITORY / "deploy" / "guangzhou"
DATE = datetime.date(2026, 11, 23)  # a Monday
ZONE = datetime.timezone(datetime.timedelta(hours=8))


def rows(folder, name):
    with open(folder / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def make_people(folder, *words):
    return subprocess.run([sys.executable, FOLDER / "make-people", "--out", folder, *words], capture_output=True,
                          text=True, timeout=60, check=False)


def units():
    regions = rows(FOLDER, "regions.csv")
    known = {row[column] for row in regions for column in ("city_code", "region_code", "district_code")}
    return known | {row["code"] for row in rows(FOLDER, "stations.csv")}


def roles():
    return set(re.findall(r'\{Role::k\w+, "(\w+)"', (REPOSITORY / "server/core/role.h").read_text(encoding="utf-8")))


class Directory(unittest.TestCase):
    def test_every_station_stands_in_a_district_of_one_region(self):
        district = {row["district_code"]: row["region_code"] for row in rows(FOLDER, "regions.csv")}
        self.assertEqual((len(district), len(set(district.values()))), (11, 4))
        stations = rows(FOLDER, "stations.csv")
        self.assertEqual(len(stations), 176)
        self.assertEqual({row["district_code"] for row in stations}, set(district))

    def test_every_point_stands_in_a_station(self):
        stations = {row["code"] for row in rows(FOLDER, "stations.csv")}
        points = rows(FOLDER, "points.csv")
        self.assertEqual(len({row["code"] for row in points}), 2844)
        self.assertEqual({row["station_code"] for row in points}, stations)

    def test_lines_are_236_and_every_station_has_one(self):
        lines = rows(FOLDER, "lines.csv")
        self.assertEqual(len({row["number"] for row in lines}), 236)
        self.assertLessEqual({row["unit_code"] for row in lines}, units())
        self.assertLessEqual({row["code"] for row in rows(FOLDER, "stations.csv")}, {row["unit_code"] for row in lines})

    def test_a_third_of_the_lines_is_recorded_only_and_one_is_for_crises(self):
        lines = rows(FOLDER, "lines.csv")
        modes = collections.Counter(row["mode"] for row in lines)
        self.assertEqual(modes["recorded_only"], 236 // 3)
        self.assertEqual(set(modes), {"trunk", "forwarded", "recorded_only"})
        self.assertEqual([row["mode"] for row in lines if row["crisis"] == "yes"], ["trunk"])

    def test_no_invented_line_can_ring_a_telephone(self):
        for row in rows(FOLDER, "lines.csv"):
            self.assertRegex(row["number"], r"^020-0\d{7}$")
            self.assertEqual(row["invented"], "yes")

    def test_the_committed_lines_are_those_that_make_lines_writes(self):
        with tempfile.TemporaryDirectory() as folder:
            for name in ("stations.csv", "points.csv", "regions.csv", "make-lines"):
                pathlib.Path(folder, name).write_bytes((FOLDER / name).read_bytes())
            subprocess.run([sys.executable, pathlib.Path(folder, "make-lines")], check=True, timeout=60)
            self.assertEqual(pathlib.Path(folder, "lines.csv").read_bytes(), (FOLDER / "lines.csv").read_bytes())


class Roster(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.room = tempfile.TemporaryDirectory()
        folder = pathlib.Path(cls.room.name)
        made = make_people(folder, "--date", DATE.isoformat(), "--days", "3", "--seed", "7")
        if made.returncode:
            raise AssertionError(made.stderr)
        cls.people, cls.shifts = rows(folder, "people.csv"), rows(folder, "shifts.csv")
        cls.patches = rows(folder, "patches.csv")
        cls.stations = [row["code"] for row in rows(FOLDER, "stations.csv")]
        for shift in cls.shifts:
            shift["starts"] = datetime.datetime.fromisoformat(shift["starts_at"])
            shift["ends"] = datetime.datetime.fromisoformat(shift["ends_at"])

    @classmethod
    def tearDownClass(cls):
        cls.room.cleanup()

    def on_duty(self, day, hour):
        at = datetime.datetime.combine(DATE + datetime.timedelta(day), datetime.time(hour), ZONE)
        return [shift for shift in self.shifts if shift["starts"] <= at < shift["ends"]]

    def per_station(self, day, hour):
        count = collections.Counter(code for s in self.on_duty(day, hour) for code in s["unit_codes"].split(";"))
        return [count[code] for code in self.stations]

    def test_accounts_occur_once_and_hold_known_roles_at_known_units(self):
        self.assertEqual(len({p["account"] for p in self.people}), len(self.people))
        self.assertLessEqual({p["unit_code"] for p in self.people}, units())
        self.assertLessEqual({role for p in self.people for role in p["roles"].split(";")}, roles())
        self.assertEqual({p["invented"] for p in self.people}, {"yes"})

    def test_no_two_people_share_a_telephone_and_none_can_ring(self):
        numbers = [re.sub(r"^\w+:|\*\d+$", "", e) for p in self.people for e in p["endpoints"].split(";") if ":" in e]
        self.assertEqual(len(set(numbers)), len(numbers))
        self.assertTrue(all(re.fullmatch(r"020-0\d{7}", number) for number in numbers))

    def test_a_shift_is_held_by_an_endpoint_that_its_person_has(self):
        endpoints = {p["account"]: {e.split(":")[0] for e in p["endpoints"].split(";")} for p in self.people}
        for shift in self.shifts:
            self.assertIn(shift["by"], endpoints[shift["account"]])
            self.assertLess(shift["starts"], shift["ends"])

    def test_shifts_of_one_person_never_overlap(self):
        of = collections.defaultdict(list)
        for shift in sorted(self.shifts, key=lambda s: s["starts"]):
            of[shift["account"]].append(shift)
        for account, held in of.items():
            for before, after in zip(held, held[1:]):
                self.assertLessEqual(before["ends"], after["starts"], account)

    def test_by_day_two_to_four_share_each_desk(self):
        for day in range(3):
            self.assertLessEqual(set(self.per_station(day, 10)), {2, 3, 4})

    def test_by_night_one_answers_on_a_phone_and_a_few_stations_have_nobody(self):
        for day, hour in ((0, 3), (1, 3), (2, 23)):
            counts = collections.Counter(self.per_station(day, hour))
            self.assertEqual(set(counts), {0, 1})
            self.assertTrue(2 <= counts[0] <= 6, counts)
            by = {s["by"] for s in self.on_duty(day, hour) if s["unit_codes"] != "4401"}
            self.assertEqual(by, {"phone"})

    def test_some_nights_are_held_for_a_neighbour_of_the_same_district(self):
        joint = [s["unit_codes"].split(";") for s in self.on_duty(0, 3) if ";" in s["unit_codes"]]
        self.assertTrue(10 <= len(joint) <= 18, len(joint))
        self.assertTrue(all(own[:6] == other[:6] for own, other in joint))

    def test_hands_change_with_ten_minutes_of_overlap(self):
        at = datetime.datetime.combine(DATE, datetime.time(17, 35), ZONE)
        by = {s["by"] for s in self.shifts if s["starts"] <= at < s["ends"] and s["unit_codes"] == self.stations[1]}
        self.assertEqual(by, {"desk", "phone"})

    def test_each_supervisor_guides_four_or_five_stations(self):
        per_supervisor = collections.Counter(p["supervisor_account"] for p in self.patches)
        self.assertEqual((len(per_supervisor), set(per_supervisor.values())), (36, {4, 5}))
        self.assertEqual(sorted(p["station_code"] for p in self.patches), self.stations)

    def test_two_supervisors_are_on_call_each_night(self):
        on_call = [s for s in self.on_duty(1, 3) if s["account"].startswith("supervisor-")]
        self.assertEqual(len(on_call), 2)


class MakePeople(unittest.TestCase):
    def test_the_same_words_give_the_same_bytes(self):
        with tempfile.TemporaryDirectory() as first, tempfile.TemporaryDirectory() as second:
            for folder in (first, second):
                self.assertEqual(make_people(folder, "--date", "2026-12-31", "--seed", "3").returncode, 0)
            for name in ("people.csv", "shifts.csv", "patches.csv"):
                self.assertEqual(pathlib.Path(first, name).read_bytes(), pathlib.Path(second, name).read_bytes())

    def test_a_full_city_has_larger_day_desks(self):
        with tempfile.TemporaryDirectory() as folder:
            make_people(folder, "--date", DATE.isoformat(), "--days", "1", "--workers", "7000")
            desks = [s for s in rows(pathlib.Path(folder), "shifts.csv") if s["by"] == "desk"]
            self.assertGreater(len(desks), 2000)

    def test_wrong_words_are_refused_and_nothing_is_written(self):
        with tempfile.TemporaryDirectory() as folder:
            for words in (["--workers", "39"], ["--workers", "7001"], ["--days", "0"], ["--date", "2026-02-30"]):
                self.assertEqual(make_people(folder, *words).returncode, 2, words)
            self.assertEqual(list(pathlib.Path(folder).iterdir()), [])


if __name__ == "__main__":
    unittest.main()
