"""Prints how many tests passed and failed, from a report of `ctest --output-junit`: a doctest program counts its test cases, any other test is one."""
import re
import sys
import xml.etree.ElementTree as xml

CASES = re.compile(r"\[doctest\] test cases:\s*\d+ \|\s*(\d+) passed \|\s*(\d+) failed")


def count(test: xml.Element) -> tuple[int, int]:
    if test.get("status") not in ("run", "fail"):
        return 0, 0
    cases = CASES.search(test.findtext("system-out") or "")
    passed, failed = map(int, cases.groups()) if cases else (0, 0)
    if test.get("status") == "fail":
        return passed, max(failed, 1)
    return max(passed, 1), failed


counts = [count(test) for test in xml.parse(sys.argv[1]).iter("testcase")]
print(sum(passed for passed, _ in counts), sum(failed for _, failed in counts))
