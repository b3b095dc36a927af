"""The real county census comes in, and every row of it is accounted for: census_test.py SOURCE WANCUN.
Needs the data beside the source tree (../shared/data) and says so where they are absent."""
import importlib.machinery
import importlib.util
import os
import pathlib
import re
import sys
import tempfile

SOURCE = pathlib.Path(sys.argv[1])
DATA = SOURCE.parent / "shared" / "data"
if not (DATA / "census_county_2020.xlsx").exists():
    print(f"1..0 # SKIP no census here: {DATA}")
    sys.exit(0)
os.environ["WANCUN"] = sys.argv[2]
loader = importlib.machinery.SourceFileLoader("census", str(SOURCE / "tools" / "census"))
census = importlib.util.module_from_spec(importlib.util.spec_from_loader("census", loader))
sys.dont_write_bytecode = True
loader.exec_module(census)

ROWS = {"nation": 1, "province": 31, "city": 329, "alone": 4, "part": 8, "zone": 94, "zone_uncoded": 39, "managed": 5,
        "islands": 3, "abolished": 2, "typing": 1}
RENAMED = ["320614", "340210", "340212", "421088", "520204", "632301"]
failed = number = 0


def check(name, fits, why=""):
    global failed, number
    number += 1
    failed += not fits
    print(f"{'ok' if fits else 'not ok'} {number} - {name}" + ("" if fits else f"\n# {why}"))


def check_rows(facts, found):
    errors = [m for m in facts["refused"] if m["severity"] == "error"]
    check("the file as it is is refused, with 152 units unknown and 2 cells unread", len(errors) == 154, len(errors))
    check("the two cells are named", [m["cell"] for m in found["cells"]] == list(census.FAULTY_CELLS), found["cells"])
    kinds = {key: len(values) for key, values in found["kinds"].items()}
    check("every row passed over is of a known kind, and as many of each as there are", kinds == ROWS, kinds)
    check("nothing but names is left to look at", {m["severity"] for m in facts["marks"]} == {"skipped", "warning"})
    check("six counties bear another name", [c for c, _, _ in found["renamed"]] == RENAMED, found["renamed"])
    check("two districts of the year are known by what they became", [found["abolished"][c] for c in
          found["kinds"]["abolished"]] == ["320613", "340209"])
    check("three of the register have no figures", [c for c, _ in found["silent"]] == ["350527", "460302", "460303"])
    check("rows read and passed over are all rows", 2841 + sum(ROWS.values()) == 3358 and "2,841" in facts["said"])
    check("the same file again changes nothing", "没有" in facts["again"] or "一致" in facts["again"], facts["again"])


def check_sums(facts, found):
    rolled = {row["code"]: row for row in facts["rolled"]}
    nation = rolled["000000"]
    check("counties and rows passed over make the nation",
          nation["value"] + found["people"] == facts["people"][2], (nation["value"], found["people"]))
    check("coverage is said", (nation["known"], nation["of"]) == (2841, 2844), nation)
    provinces = sum(row["value"] for code, row in rolled.items() if code.endswith("0000") and code != "000000"
                    and isinstance(row["value"], int))
    check("provinces add up to the nation", provinces == nation["value"], provinces)


def check_groups(facts):
    groups = [row["tier"] for row in facts["tiers"] if isinstance(row["tier"], str)]
    check("2,841 are placed, three are not", len(groups) == 2841 and len(facts["tiers"]) == 2844)
    shares = [round(100 * groups.count(g) / len(facts["tiers"])) for g in "abc"]
    check("a fifth, three tenths, a half", shares == [20, 30, 50], shares)
    names = [name for _, level, name, _ in facts["register"] if level == "county" and len(name) > 2]
    for page in census.MARKS:
        method = re.split(r"A[、,]", (SOURCE / page).read_text().partition("<!-- census -->")[2], maxsplit=1)[1]
        named = [name for name in names if name in method]
        check(f"{page} names no county beside a group", not named, named[:3])


def check_pages(facts):
    for page, lang in census.MARKS.items():
        path = SOURCE / page
        fresh = census.page_with(path, census.facts_text(facts, lang)) == path.read_text()
        check(f"{page} says what the data say", fresh, "run tools/census ../shared/data")


with tempfile.TemporaryDirectory() as room:
    facts = census.take_in(DATA, pathlib.Path(room))
    found = census.exceptions(facts)
    check_rows(facts, found)
    check_sums(facts, found)
    check_groups(facts)
    check_pages(facts)
print(f"1..{number}")
sys.exit(failed > 0)
