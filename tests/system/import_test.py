"""Files of kapokctl import that a directory of the real thing does not have."""

import unittest

from kapok_process import Kapok


class Import(unittest.TestCase):
    def setUp(self):
        self.kapok = self.enterContext(Kapok())
        self.steward = ("--profile", self.kapok.path / "steward.profile", "import")

    def points(self, rows):
        file = self.kapok.path / "points.csv"
        file.write_text("code,station_code,name_zh,kind\n" + "".join(rows), encoding="utf-8")
        return file

    def test_a_file_of_more_chunks_than_a_client_may_send_at_once_is_taken(self):
        rows = [f"4401030{place:05d},440103001,{'长' * 60}{place % 9},village\n" for place in range(15_000)]
        file = self.points(rows)
        self.assertGreater(file.stat().st_size, 62 * 48 * 1024)
        done = self.kapokctl("points", file)
        self.assertIn("15000", done.stdout + done.stderr)

    def test_one_wrong_row_takes_nothing_and_names_its_line(self):
        file = self.points(["440103001001,440103001,一村,village\n", "440103001002,999999999,二村,village\n"])
        done = self.kapokctl("points", file)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stdout + done.stderr, r"\b3\b")
        self.assertEqual(self.kapokctl("points", self.points(["440103001001,440103001,一村,village\n"])).returncode, 0)

    def kapokctl(self, *words):
        return self.kapok.kapokctl(*self.steward, *words, check=False)


if __name__ == "__main__":
    unittest.main()
