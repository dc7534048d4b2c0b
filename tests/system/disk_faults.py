"""Makes chosen files of a real process fail, fill up or go slow, or its wall clock jump, while it runs: orders for
tests/faults/libdisk_faults.so, whose fault_rules.h says what each means.

    with Kapok(faults=True) as kapok:
        full = kapok.faults.add("write", "full", "*/data/*")       # from now on the disk is full
        ...
        assert full.struck() > 0
        full.lift()                                               # space again
"""

import os
import pathlib
import struct

BUILD = pathlib.Path(os.environ["KAPOK_BUILD"])
COUNT = struct.Struct("=QQ")  # seen, struck


class Rule:
    def __init__(self, faults, number, line):
        self.faults, self.number, self.line = faults, number, line

    def _count(self, which):
        with open(self.faults.hits, "rb") as file:
            file.seek(self.number * COUNT.size)
            return COUNT.unpack(file.read(COUNT.size))[which]

    def seen(self):
        """How many operations met the rule, those that went well included."""
        return self._count(0)

    def struck(self):
        """How many of them failed, were cut short or were delayed by it."""
        return self._count(1)

    def lift(self):
        self.faults.rules.remove(self)
        self.faults.order()


class DiskFaults:
    """The orders for one process and for those that take its place: what a rule has counted outlives a restart, so
    that an error ordered once is made once."""

    RULES_MAX = 512

    def __init__(self, folder):
        self.control = pathlib.Path(folder) / "faults"
        self.hits = self.control.with_name("faults.hits")
        self.hits.write_bytes(bytes(COUNT.size * self.RULES_MAX))
        self.rules, self.made, self.clock_s = [], 0, 0
        self.order()

    def environment(self):
        """What a process needs to obey."""
        return {"LD_PRELOAD": str(BUILD / "tests/faults/libdisk_faults.so"), "KAPOK_FAULTS": str(self.control)}

    def add(self, operation, fault, pattern, skip=0, times=0):
        """`operation`: write, sync, truncate, allocate, open, read. `fault`: ENOSPC, EIO, full, short, delay:MS, kill.
        `pattern` meets the whole path. After `skip` good operations `times` are struck, 0: all of them."""
        assert self.made < self.RULES_MAX, "too many rules for one control file"
        rule = Rule(self, self.made, f"rule {self.made} {operation} {fault} {skip} {times} {pattern}")
        self.made += 1
        self.rules.append(rule)
        self.order()
        return rule

    def clock(self, seconds):
        """Sets the wall clock that much ahead or, below zero, behind; 0 puts it right."""
        self.clock_s = seconds
        self.order()

    def clear(self):
        """A sound disk and a true clock."""
        self.rules, self.clock_s = [], 0
        self.order()

    def order(self):
        fresh = self.control.with_name("faults.new")
        fresh.write_text("".join(rule.line + "\n" for rule in self.rules) + f"clock {self.clock_s}\n", encoding="utf-8")
        fresh.replace(self.control)
