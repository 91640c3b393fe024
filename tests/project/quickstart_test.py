"""Runs quickstart with stand-ins for apt-get, cmake and ctest that only record how they were called.

usage: quickstart_test.py ROOT
"""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(sys.argv.pop(1))
RECORD = '#!/bin/sh\necho "$(basename "$0") $*" >> "$CALLS"\n'


class quickstart(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.clone = Path(folder.name) / "clone"
        (self.clone / "build/demo/bin").mkdir(parents=True)
        shutil.copytree(ROOT / "packaging", self.clone / "packaging")
        shutil.copy(ROOT / "quickstart", self.clone)
        self.calls = Path(folder.name) / "calls"
        self.bin = Path(folder.name) / "bin"
        self.bin.mkdir()
        self.stand_in("cmake", 'if [ "$1" = --version ]; then echo "cmake version 3.25.1"; exit; fi\n' + RECORD)
        self.stand_in("dpkg-query", "echo installed\n")
        self.stand_in("id", "echo 0\n")
        for name in ("apt-get", "ctest", "sudo", "../clone/build/demo/bin/sluice-fraud"):
            self.stand_in(name, RECORD)

    def stand_in(self, name, text):
        (self.bin / name).write_text("#!/bin/sh\n" + text)
        (self.bin / name).chmod(0o755)

    def run_it(self, *words):
        """Returns (exit code, what was called, line by line)."""
        self.calls.write_text("")
        done = subprocess.run(
            ["./quickstart", *words], cwd=self.clone, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            env={"PATH": f"{self.bin}:{os.environ['PATH']}", "CALLS": str(self.calls)})
        called = self.calls.read_text().splitlines()
        for call in called:  # every step is printed before it runs
            self.assertIn(call.removeprefix("apt-get "), done.stdout)
        return done.returncode, called

    def test_builds_and_runs_the_demo(self):
        self.assertEqual(self.run_it(), (0, ["cmake --workflow --preset demo",
                                             "sluice-fraud demo --seconds 30 --nodes 3 --kill-one"]))

    def test_builds_and_runs_the_tests(self):
        self.assertEqual(self.run_it("test"), (0, ["cmake --workflow --preset test"]))

    def test_installs_what_is_missing_and_nothing_else(self):
        self.stand_in("dpkg-query", 'case "$*" in *libcaf-dev | *catch2) exit 1 ;; esac; echo installed\n')
        install = "apt-get install -q -y --no-install-recommends libcaf-dev"
        self.assertEqual(self.run_it()[1][:2], ["apt-get update -q", install])
        self.assertEqual(self.run_it("test")[1][:2], ["apt-get update -q", install + " catch2"])

    def test_uses_sudo_where_it_is_not_root(self):
        self.stand_in("dpkg-query", "exit 1\n")
        self.stand_in("id", "echo 1000\n")
        self.assertEqual(self.run_it()[1][0], "sudo apt-get update -q")

    def test_spells_the_steps_out_for_an_older_cmake(self):
        self.stand_in("cmake", 'if [ "$1" = --version ]; then echo "cmake version 3.22.1"; exit; fi\n' + RECORD)
        code, called = self.run_it("test")
        self.assertEqual((code, [call.split()[0] for call in called]), (0, ["cmake", "cmake", "ctest"]))
        self.assertFalse([call for call in called if "preset" in call])

    def test_fails_when_a_step_fails(self):
        for failing in ("cmake", "../clone/build/demo/bin/sluice-fraud"):
            self.stand_in(failing, 'if [ "$1" = --version ]; then echo "cmake version 3.25.1"; exit; fi\nexit 4\n')
            self.assertEqual(self.run_it()[0], 4, failing)
            self.setUp()
        self.stand_in("dpkg-query", "exit 1\n")
        self.stand_in("apt-get", "exit 100\n")
        self.assertEqual(self.run_it("test"), (100, []))

    def test_refuses_what_it_does_not_know(self):
        self.assertEqual(self.run_it("tset"), (2, []))


if __name__ == "__main__":
    unittest.main()
