#!/usr/bin/python3
"""Published multiple-choice multi-dimensional knapsacks as problem files for `wancun solve`.

mmkp.py FILE >PROBLEM.ndjson

FILE is in the format of Khan, Li, Manning and Akbar (Studia Informatica 2, 2002), that of the
instances I01 to I13: groups, options a group, resources; the limits; then every group with its
number, every option with its value and its uses. Values have at most two decimals. The instances
themselves are not part of this project."""
import decimal
import json
import pathlib
import sys

words = iter(pathlib.Path(sys.argv[1]).read_text().split())


def numbers(count):
    return [decimal.Decimal(next(words)) for _ in range(count)]


groups, options, resources = map(int, numbers(3))
limits = [int(n) for n in numbers(resources)]
print(json.dumps({"scale": 100, "resources": [{"limit": n} for n in limits]}))
for _ in range(groups):
    next(words)  # the number of the group
    made = []
    for _ in range(options):
        value, *uses = numbers(1 + resources)
        used = {str(r): int(amount) for r, amount in enumerate(uses) if amount}
        made.append({"value": int(value * 100), "use": used})
    print(json.dumps({"options": made}))
