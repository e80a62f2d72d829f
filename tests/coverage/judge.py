#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""judge.py NUMBER REPORT...: what gcovr's reports (JSON) hold, as a table of files, and
whether it is enough: a line of TAP for each bound, from NUMBER + 1 on, then the plan.

A line that no test can run is in the list "exclusions", and is not counted. A branch is
counted if it can be taken: not where a line asks for what cannot be (WARN_ON), nor of a
line that is excluded.
"""

import json
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
EXCLUSIONS_MAX = 20
# Report, files, percent of lines and of branches.
BOUNDS = [
    ("kernel", r"security/(enclave|ewx)/", 95, 85),
    ("kernel", r"security/ewx/core/|security/enclave/facts\.c", 100, 0),
    ("userspace", r"libewx/", 95, 85),
]
IMPOSSIBLE = re.compile(r"\b(STORE_WARN_ON|WARN_ON|WARN_ON_ONCE|assert)\(")


def exclusions():
    """(file, text) -> how many of its lines are excluded."""
    wanted = {}
    with open(os.path.join(HERE, "exclusions"), encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("#"):
                continue
            file, text, _reason = line.split(" :: ", 2)
            wanted[file, text] = wanted.get((file, text), 0) + 1
    return wanted


def ranges(numbers):
    """Line numbers as 1-3,7."""
    parts = []
    for n in numbers:
        if parts and parts[-1][1] == n - 1:
            parts[-1][1] = n
        else:
            parts.append([n, n])
    return ",".join(f"{a}-{b}" if b > a else f"{a}" for a, b in parts)


class Counts:
    """Lines and branches of files."""

    def __init__(self):
        self.lines = self.ran = self.branches = self.taken = 0

    def add(self, other):
        for name in vars(self):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def text(self):
        return (
            f"{self.ran:6} of {self.lines:6} {percent(self.ran, self.lines):6.1f}"
            f" {self.taken:6} of {self.branches:6} {percent(self.taken, self.branches):6.1f}"
        )


def percent(part, whole):
    return 100 * part / whole if whole else 100.0


def of_file(entry, excluded):
    """Counts of a file, the numbers of its lines that did not run."""
    counts, missed = Counts(), []
    with open(os.path.join(ROOT, entry["file"]), encoding="utf-8") as source:
        text = [""] + [line.strip() for line in source]
    for line in entry["lines"]:
        number = line["line_number"]
        if line["gcovr/noncode"] or line["gcovr/excluded"]:
            continue
        key = (entry["file"], text[number])
        if not line["count"] and excluded.get(key):
            excluded[key] -= 1
            continue
        counts.lines += 1
        if line["count"]:
            counts.ran += 1
        else:
            missed.append(number)
        if not IMPOSSIBLE.search(text[number]):
            counts.branches += len(line["branches"])
            counts.taken += sum(b["count"] > 0 for b in line["branches"])
    return counts, missed


def main():
    number, reports = int(sys.argv[1]), sys.argv[2:]
    wanted = exclusions()
    listed = sum(wanted.values())
    left = dict(wanted)
    failed = False
    files = {}
    for report in reports:
        name = os.path.splitext(os.path.basename(report))[0]
        with open(report, encoding="utf-8") as data:
            entries = json.load(data)["files"]
        excluded = dict(wanted)
        print(f"# {name + ', lines that ran, branches that were taken':58}")
        for entry in entries:
            counts, missed = of_file(entry, excluded)
            files[name, entry["file"]] = counts
            print(f"# {entry['file']:40} {counts.text()}  {ranges(missed)}".rstrip())
        left = {key: min(left[key], excluded[key]) for key in left}

    def result(good, what):
        nonlocal number, failed
        number += 1
        failed = failed or not good
        print(f"{'ok' if good else 'not ok'} {number} - coverage: {what}")

    for name, pattern, lines, branches in BOUNDS:
        total = Counts()
        for (report, file), counts in files.items():
            if report == name and re.match(pattern, file):
                total.add(counts)
        if not any(report == name for report, _ in files):
            continue
        print(f"# {name + ' ' + pattern:40} {total.text()}")
        result(
            total.lines > 0
            and percent(total.ran, total.lines) >= lines
            and percent(total.taken, total.branches) >= branches,
            f"{name}: {lines} % of lines" + (f", {branches} % of branches" if branches else "") + f" of {pattern}",
        )
    stale = [key for key, n in left.items() if n and any(key[0] == of for _, of in files)]
    for file, text in stale:
        print(f"# excluded, but there is no such line that never runs: {file} :: {text}")
    result(listed <= EXCLUSIONS_MAX and not stale, f"at most {EXCLUSIONS_MAX} lines are excluded, and never run")
    print(f"1..{number}")
    return failed


sys.exit(main())
