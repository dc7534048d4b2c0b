"""What a city asks for in its files reaches the callers: ring presets of units and skills of lines, at the first import
and at a later one while somebody waits."""

import json
import unittest

from city_people import SHAMIAN, Desk, Gateway
from kapok_process import Kapok

LEGAL = "020-00100004"
DESK_RINGS_US = 12_000_000
LOCAL_DISTRICT_US = 10_000_000  # the local preset asks the district after 10 s


def stations(preset):
    """Kapok.STATIONS with this cell for Shamian."""
    header, shamian, lingnan, _ = Kapok.STATIONS.split("\n")
    return "\n".join([header + ",rings", shamian + "," + preset, lingnan + ",", ""])


def lines(skills):
    """Kapok.LINES and one for legal advice at Shamian, which needs these skills."""
    header, *rows = Kapok.LINES.rstrip("\n").split("\n")
    legal = f"{LEGAL},沙面街道法律热线,Shamian legal line,440103001,trunk,no,yes"
    return "\n".join([header + ",required_skills", *(row + "," for row in rows), legal + "," + skills, ""])


def people(**skills):
    """Kapok.PEOPLE with the skills of each account; none for who is not named."""
    header, *rows = Kapok.PEOPLE.rstrip("\n").split("\n")
    having = [row + "," + skills.get(row.split(",")[0].replace("-", "_"), "") for row in rows]
    return "\n".join([header + ",skills", *having, ""])


class Presets(unittest.TestCase):
    """Shamian's one worker talks; Lingnan, in the same district, has one who is free."""

    def city(self, preset, neighbour_ready=True):
        self.kapok = Kapok()
        self.kapok.STATIONS = stations(preset)
        self.enterContext(self.kapok)
        self.gateway = Gateway(self.kapok)
        own = Desk(self.kapok, "sm-1")
        self.gateway.arrives("a", caller="020-09001230")
        own.accept(own.offer())
        self.neighbour = Desk(self.kapok, "ln-2", ready=neighbour_ready)
        self.gateway.arrives("b", caller="020-09001231")

    def waited_us(self):
        """How long the second caller had waited when the neighbour was asked, by the server's clock."""
        offer = self.neighbour.offer()
        return offer.ring_until_us - DESK_RINGS_US - offer.arrived_at_us

    def test_a_normal_station_passes_its_caller_on_to_the_district_at_once(self):
        self.city("normal")
        self.assertLess(self.waited_us(), 5_000_000)

    def test_a_local_station_keeps_its_caller_ten_seconds_though_a_neighbour_is_free(self):
        self.city("local")
        waited = self.waited_us()
        self.assertGreaterEqual(waited, LOCAL_DISTRICT_US)
        self.assertLess(waited, LOCAL_DISTRICT_US + 5_000_000)

    def test_a_second_import_that_makes_it_normal_opens_the_district_to_the_caller_who_waits(self):
        self.city("local")
        self.neighbour.client.no_push("offer_shown", 0.5)
        self.kapok.take_in("stations", stations("normal"))
        self.assertLess(self.waited_us(), LOCAL_DISTRICT_US)

    def test_a_second_import_that_makes_it_local_closes_nothing_to_the_caller_who_waits(self):
        self.city("normal", neighbour_ready=False)
        self.kapok.take_in("stations", stations("local"))
        self.neighbour.ready()
        self.assertLess(self.waited_us(), LOCAL_DISTRICT_US)

    def test_a_station_without_one_takes_that_of_its_district_and_keeps_it_over_a_restart(self):
        self.city("")
        self.neighbour.offer()
        header, liwan, _ = Kapok.REGIONS.split("\n")
        self.kapok.take_in("regions", f"{header},district_rings\n{liwan},local\n")
        self.kapok.stop()
        self.kapok.start()
        units = json.loads(self.kapok.kapokctl("--profile", self.kapok.path / "steward.profile", "--json",
                                               "directory", "units", "440103"))["units"]
        self.assertEqual([(unit["code"], unit["rings"], unit.get("rings_own", False)) for unit in units],
                         [("440103", "local", True), ("440103001", "local", False), ("440103002", "local", False)])

    def test_an_unknown_preset_takes_nothing_and_names_its_row(self):
        self.city("local")
        with self.assertRaisesRegex(AssertionError, "stations.csv:2.*rings.*isolated"):
            self.kapok.take_in("stations", stations("isolated"))


class RequiredSkills(unittest.TestCase):
    """A line for legal advice; of the two who are free the nearer one has no skill."""

    def setUp(self):
        self.kapok = Kapok()
        self.kapok.LINES, self.kapok.PEOPLE = lines("legal"), people(ln_2="legal;elder_care")
        self.enterContext(self.kapok)
        self.gateway = Gateway(self.kapok)
        self.near = Desk(self.kapok, "sm-1")

    def test_the_line_rings_only_who_has_the_skill(self):
        skilled = Desk(self.kapok, "ln-2")
        self.gateway.arrives("a", dialled=LEGAL)
        skilled.accept(skilled.offer())
        self.gateway.arrives("b", dialled=LEGAL, caller="020-09001231")
        self.near.client.no_push("offer_shown", 1)

    def test_other_lines_ring_as_ever(self):
        Desk(self.kapok, "ln-2")
        self.gateway.arrives("a", dialled=SHAMIAN)
        self.near.offer()

    def test_an_import_that_asks_the_skill_no_more_gives_the_caller_who_waits_to_whoever_is_free(self):
        self.gateway.arrives("a", dialled=LEGAL)
        self.near.client.no_push("offer_shown")
        self.kapok.take_in("lines", lines(""))
        self.near.offer()

    def test_an_import_that_gives_a_free_worker_the_skill_gives_him_the_caller_who_waits(self):
        self.gateway.arrives("a", dialled=LEGAL)
        self.near.client.no_push("offer_shown")
        self.kapok.take_in("people", people(sm_1="legal"))
        self.near.offer()

    def test_lines_and_people_are_listed_with_them(self):
        steward = ("--profile", self.kapok.path / "steward.profile", "--json")
        listed = json.loads(self.kapok.kapokctl(*steward, "directory", "lines"))["lines"]
        self.assertEqual([line.get("required_skills", []) for line in listed], [[], [], [], ["legal"]])
        found = json.loads(self.kapok.kapokctl(*steward, "worker", "find", "ln-2"))["workers"]
        self.assertEqual(found[0]["skills"], ["elder_care", "legal"])


if __name__ == "__main__":
    unittest.main()
