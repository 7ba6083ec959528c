"""Authorities follow from the files, whatever form these have."""

import pathlib
import tempfile
import unittest

import world
import jurisdiction  # pylint: disable=wrong-import-order
from errors import UsageError

REFERENCE = world.ROOT / "deploy/reference"


class Jurisdiction(unittest.TestCase):

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.write("bawaslu.csv", "kode_wilayah,uraian\n13.04,\"a\nb\"\n99.99,c\n")
        self.write("bkn.csv", "\ufeffkode_wilayah_ppk;alasan\r\n13;x\r\n;y\r\n")
        self.write("bkpsdm.csv", "nomor\tKode_Wilayah \n1\t12.01\n2\t\n")

    def write(self, name, text):
        (self.folder / name).write_bytes(text.encode())

    def authorities(self):
        return jurisdiction.authorities(self.folder, REFERENCE)

    def test_follows_from_all_three_files_and_skips_unknown_regions(self):
        self.assertEqual(self.authorities(), {
            "intake": ["bawaslu/12", "bawaslu/13"], "referral": ["bkn", "kasn"],
            "sanction": ["ppk/12.01", "ppk/13", "ppk/13.04"]})

    def test_survives_rows_that_are_broken(self):
        self.write("bkn.csv", "kode_wilayah_ppk\n\"never closed\n\0\n")
        self.write("bkpsdm.csv", "")
        self.assertEqual(self.authorities()["sanction"], ["ppk/13.04"])

    def test_says_what_a_directory_lacks(self):
        (self.folder / "bkn.csv").unlink()
        with self.assertRaisesRegex(UsageError, "has no bkn.csv"):
            jurisdiction.check_directory(self.folder)

    def test_says_that_no_region_is_known(self):
        for name in jurisdiction.FILES.values():
            self.write(name, "kode_wilayah\n99.99\n")
        with self.assertRaisesRegex(UsageError, "name no region"):
            self.authorities()


if __name__ == "__main__":
    unittest.main()
