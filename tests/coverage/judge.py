#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""judge.py [--sources DIR] [--exclusions FILE] NUMBER REPORT...: what gcovr's reports (JSON)
hold, as a table of files, and whether it is enough: a line of TAP for each bound, from
NUMBER + 1 on, then the plan. The status is 1 if it is not.

A line that no test can run is in the list "exclusions", and is not counted. A branch is
counted if it can be taken: not where a line asks for what cannot be (WARN_ON), nor of a
line that is excluded.
"""

import argparse
import json
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
EXCLUSIONS_MAX = 20
# Reports, files, percent of lines and of branches. A line ran if it did in one of the
# reports; where there are two, branches are not asked for.
BOUNDS = [
    (("kernel",), r"security/(enclave|ewx)/", 95, 85),
    (("kernel", "userspace"), r"security/ewx/core/|security/enclave/facts\.", 100, 0),
    (("userspace",), r"libewx/", 95, 85),
]
IMPOSSIBLE = re.compile(r"\b(STORE_WARN_ON|WARN_ON|WARN_ON_ONCE|assert)\(")


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--sources", default=os.path.dirname(os.path.dirname(HERE)))
    parser.add_argument("--exclusions", default=os.path.join(HERE, "exclusions"))
    parser.add_argument("number", type=int)
    parser.add_argument("reports", nargs="+")
    return parser.parse_args()


def read_exclusions(name):
    """(file, text) -> how many of its lines are excluded."""
    listed = {}
    with open(name, encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("#"):
                continue
            parts = line.strip().split(" :: ")
            if len(parts) != 3 or not all(parts):
                sys.exit(f"{name}: not 'file :: the line :: reason': {line.strip()}")
            listed[parts[0], parts[1]] = listed.get((parts[0], parts[1]), 0) + 1
    return listed


def ranges(numbers):
    """Line numbers as 1-3,7."""
    parts = []
    for n in numbers:
        if parts and parts[-1][1] == n - 1:
            parts[-1][1] = n
        else:
            parts.append([n, n])
    return ",".join(f"{a}-{b}" if b > a else f"{a}" for a, b in parts)


def percent(part, whole):
    """Of nothing, all."""
    return 100 * part / whole if whole else 100.0


class Counts:
    """Lines and branches of files."""

    def __init__(self):
        self.lines = self.ran = self.branches = self.taken = 0

    def add(self, other):
        """Those of another file."""
        for name in vars(self):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def text(self):
        """As columns of a table."""
        return (
            f"{self.ran:6} of {self.lines:6} {percent(self.ran, self.lines):6.1f}"
            f" {self.taken:6} of {self.branches:6} {percent(self.taken, self.branches):6.1f}"
        )


class File:
    """A source file as reports know it: number of a line -> (ran, branches, taken)."""

    def __init__(self, sources, name):
        self.name = name
        with open(os.path.join(sources, name), encoding="utf-8") as source:
            self.text = [""] + [line.strip() for line in source]
        self.lines = {}

    def add(self, entry):
        """What one report has of it."""
        for line in entry["lines"]:
            number = line["line_number"]
            if line["gcovr/noncode"] or line["gcovr/excluded"]:
                continue
            ran, branches, taken = self.lines.get(number, (0, 0, 0))
            if not IMPOSSIBLE.search(self.text[number]):
                branches += len(line["branches"])
                taken += sum(b["count"] > 0 for b in line["branches"])
            self.lines[number] = (ran + line["count"], branches, taken)

    def count(self, excluded):
        """Counts, the numbers of the lines that did not run; takes out of @excluded."""
        counts, missed = Counts(), []
        for number, (ran, branches, taken) in sorted(self.lines.items()):
            key = (self.name, self.text[number])
            if not ran and excluded.get(key):
                excluded[key] -= 1
                continue
            counts.lines += 1
            counts.ran += ran > 0
            counts.branches += branches
            counts.taken += taken
            if not ran:
                missed.append(number)
        return counts, missed


class Judge:
    """Tables, and results as TAP."""

    def __init__(self, args):
        self.args = args
        self.failed = False
        self.number = args.number
        self.listed = read_exclusions(args.exclusions)
        self.entries = {}
        for report in args.reports:
            with open(report, encoding="utf-8") as data:
                name = os.path.splitext(os.path.basename(report))[0]
                self.entries[name] = json.load(data)["files"]

    def result(self, good, what):
        """One line of TAP."""
        self.number += 1
        self.failed = self.failed or not good
        print(f"{'ok' if good else 'not ok'} {self.number} - coverage: {what}")

    def files(self, reports, pattern=""):
        """Files of these reports whose names fit."""
        files = {}
        for report in reports:
            for entry in self.entries[report]:
                name = entry["file"]
                if re.match(pattern, name):
                    files.setdefault(name, File(self.args.sources, name)).add(entry)
        return sorted(files.items())

    def table(self, reports, pattern, missing_only):
        """Print files of these reports whose names fit. Return the sum of them."""
        total, excluded = Counts(), dict(self.listed)
        for name, file in self.files(reports, pattern):
            counts, missed = file.count(excluded)
            total.add(counts)
            if missed or not missing_only:
                print(f"# {name:40} {counts.text()}  {ranges(missed)}".rstrip())
        return total

    def stale(self):
        """Exclusions of lines that are not there, or that run somewhere."""
        excluded = dict(self.listed)
        for _, file in self.files(self.entries):
            file.count(excluded)
        # A line may be known to one compiler's run only: not without all reports.
        if not {name for reports, *_ in BOUNDS for name in reports} <= set(self.entries):
            return []
        return [key for key, n in excluded.items() if n]

    def judge(self):
        """All of it."""
        for report in self.entries:
            print(f"# {report + ', lines that ran, branches that were taken':58}")
            print(f"# {report + ', all':40} {self.table([report], '', False).text()}")
        for reports, pattern, lines, branches in BOUNDS:
            if not set(reports) <= set(self.entries):
                continue
            names = " or ".join(reports)
            print(f"# {names + ', ' + pattern}: what is missing")
            total = self.table(reports, pattern, True)
            print(f"# {'all of these':40} {total.text()}")
            self.result(
                total.lines > 0
                and percent(total.ran, total.lines) >= lines
                and percent(total.taken, total.branches) >= branches,
                f"{names}: {lines} % of lines"
                + (f", {branches} % of branches" if branches else "")
                + f" of {pattern}",
            )
        stale = self.stale()
        for file, text in stale:
            print(f"# excluded, but there is no such line that never runs: {file} :: {text}")
        listed = sum(self.listed.values())
        self.result(
            listed <= EXCLUSIONS_MAX and not stale,
            f"{listed} lines are excluded, at most {EXCLUSIONS_MAX}, and never run",
        )
        print(f"1..{self.number}")
        return self.failed


sys.exit(Judge(arguments()).judge())
