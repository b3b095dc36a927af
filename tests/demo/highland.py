"""The invented highland country of tests/demo/highland_job.sh: its synthetic files, and its figures
computed a second time, plainly, from those files alone.

highland.py make ROOM     registers, ledgers, funds in ROOM
highland.py check ROOM    what the program wrote to ROOM against this reckoning"""
import csv
import json
import pathlib
import random
import sys

SYNTHETIC = "Synthetic: invented country, invented data"
YEARS = (2024, 2025, 2026)
DISTRICTS, WARDS, SETTLEMENTS = 4, 3, 14
SYLLABLES = "ka lo min tar hes ul vor pen si dra bel nor ith gau zem".split()

# The programme's figures, written out once more: floor and goal, weights, quotas.
LINES = {"SPRING": (10, 100), "LATRINE": (5, 95), "LAMPS": (0, 100), "STOVE": (0, 80),
         "SCHOOL_WALK": (120, 15), "WATERED": (0, 60), "EARNINGS": (200, 4000)}
ROADS = {"none": 0.0, "track": 0.3, "gravel": 0.8, "sealed": 1.0}
ORDER = ["SPRING", "LATRINE", "LAMPS", "STOVE", "SCHOOL_WALK", "ROAD", "BRIDGE", "WATERED", "EARNINGS"]
DIMENSION = dict(zip(ORDER, ["LIFE"] * 4 + ["WAYS"] * 3 + ["WORK"] * 2))
TIERS = ["beacon", "rising", "steady", "patient"]
SHARES = {"beacon": 8, "rising": 22, "steady": 40}
HYSTERESIS, COVERAGE = 0.02, 0.7

# Headings as each district writes them: names, aliases, units of its own.
HEADS = {"PEOPLE": ["Population", "Residents (persons)", "Inhabitants", "Inhabitants"],
         "HOMES": ["Households", "Homes (hh)", "Homes", "Households (households)"],
         "ALTITUDE": ["Altitude"] * 4,
         "SPRING": ["Safe water", "Homes with safe water (%)", "Safe water (per cent)", "Safe water"],
         "LATRINE": ["Latrines"] * 4,
         "LAMPS": ["Electric light"] * 4,
         "STOVE": ["Homes with a smokeless stove"] * 4,
         "SCHOOL_WALK": ["Walk to school (min)", "Walk to school (hours)", "Walk to school", "Walk to school (h)"],
         "ROAD": ["Road"] * 4,
         "BRIDGE": ["Crossing open all year"] * 4,
         "PATH_LENGTH": ["Length of paths (miles)"] * 4,
         "FIELDS": ["Arable land (acres)", "Fields", "Fields (ac)", "Fields"],
         "WATERED": ["Watered fields"] * 4,
         "EARNINGS": ["Earnings per head", "Earnings per head (k marks)", "Earnings per head (marks)",
                      "Earnings per head (thousand marks)"],
         "DAIRY": ["Dairy hall"] * 4,
         "AWAY": ["People away for work"] * 4,
         "QUARRELS_LATE": ["Quarrels past their term"] * 4}
ROAD_WORDS = {"none": "No road", "track": "Track", "gravel": "Gravel road", "sealed": "asphalt"}
ALTITUDE_WORDS = {"valley": "low", "slope": "Slope", "high": "plateau"}


# ---- making ----

def names(chance):
    seen = set()
    while True:
        name = "".join(chance.sample(SYLLABLES, chance.choice((2, 3)))).capitalize()
        if name not in seen:
            seen.add(name)
            yield name


def make_register(chance):
    name = names(chance)
    rows = [("7", "region", f"{next(name)} Region")]
    for d in range(1, DISTRICTS + 1):
        rows.append((f"70{d}", "district", f"{next(name)} District"))
        for w in range(1, WARDS + 1):
            ward = f"70{d}{w:02}"
            rows.append((ward, "ward", f"{next(name)} Ward"))
            numbers = [1] + list(range(100, 100 + SETTLEMENTS)) + [900]
            kinds = ["Market"] + ["Settlement"] * SETTLEMENTS + ["Camp"]
            rows += [(f"{ward}{n:03}", "settlement", f"{next(name)} {kind}") for n, kind in zip(numbers, kinds)]
    return rows


def first_year(chance):
    homes = chance.randint(8, 240)
    wealth = chance.random()

    def share(low, high):
        return round(min(99.9, max(0.5, low + (high - low) * (0.6 * wealth + 0.4 * chance.random()))), 1)

    return {"PEOPLE": homes * chance.randint(3, 6), "HOMES": homes, "ALTITUDE": chance.choice(list(ALTITUDE_WORDS)),
            "SPRING": share(15, 99), "LATRINE": share(5, 95), "LAMPS": share(10, 99), "STOVE": share(0, 70),
            "SCHOOL_WALK": 3 * chance.randint(2, 45), "ROAD": chance.choice(list(ROADS)),
            "BRIDGE": chance.choice(["yes", "no"]), "PATH_LENGTH": round(chance.uniform(0.4, 9), 1),
            "FIELDS": round(chance.uniform(3, 900), 1), "WATERED": share(0, 80),
            "EARNINGS": 10 * round(20 + 380 * (0.5 * wealth + 0.5 * chance.random())),
            "DAIRY": chance.choice(["Y", "N"]), "AWAY": chance.randint(0, homes),
            "QUARRELS_LATE": chance.choice([0] * 9 + [1])}


def holes(chance, facts):
    """Silence of two kinds; two settlements say almost nothing."""
    for key in ORDER:
        if chance.random() < 0.03:
            facts[key] = None
    if chance.random() < 0.05:
        facts["WATERED"] = "n.a."
    if chance.random() < 0.015:
        facts.update({key: None for key in ORDER[:6]})
    return facts


def next_year(chance, facts):
    facts = dict(facts)
    for key in ("SPRING", "LATRINE", "LAMPS", "STOVE"):
        if isinstance(facts[key], float):
            facts[key] = round(min(99.9, max(0.5, facts[key] + chance.gauss(2, 3))), 1)
    if isinstance(facts["EARNINGS"], int):
        facts["EARNINGS"] = max(60, facts["EARNINGS"] + 10 * round(chance.gauss(4, 8)))
    return facts


def written(key, value, head):
    if value is None or value == "n.a.":
        return {None: "n.r.", "n.a.": "n.a."}[value]
    if key == "ROAD":
        return ROAD_WORDS[value]
    if key == "ALTITUDE":
        return ALTITUDE_WORDS[value]
    if key == "SCHOOL_WALK" and ("hours" in head or "(h)" in head):
        return f"{value / 60:.2f}"
    if key == "EARNINGS" and ("k marks" in head or "thousand" in head):
        return f"{value / 1000:.2f}"
    return f"{value:,}" if key == "PEOPLE" else str(value)


def write_ledger(path, district, rows):
    """One district's return, with its own headings and order of columns, a title and totals."""
    keys = list(HEADS)
    keys = keys[district:] + keys[:district]
    heads = [HEADS[key][district] for key in keys]
    with path.open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow([SYNTHETIC])
        out.writerow(["Settlement code", "Settlement"] + heads)
        for code, name, facts in rows:
            out.writerow([code, name] + [written(key, facts[key], head) for key, head in zip(keys, heads)])
        out.writerow(["", "Total"] + ["1"] * len(keys))


def make(room):
    chance = random.Random(7)
    register = make_register(chance)
    with (room / "register.csv").open("w", newline="") as file:
        csv.writer(file).writerows([("code", "level", "name")] + register)
    settlements = [(code, name) for code, level, name in register if level == "settlement"]
    facts = {code: first_year(chance) for code, _ in settlements}
    told = {}
    for year in YEARS:
        told[year] = {code: holes(chance, dict(facts[code])) for code, _ in settlements}
        for d in range(DISTRICTS):
            rows = [(c, n, told[year][c]) for c, n in settlements if c.startswith(f"70{d + 1}")]
            write_ledger(room / f"ledger-{year}-{d + 1}.csv", d, rows)
        facts = {code: next_year(chance, facts[code]) for code in facts}
    (room / "facts.json").write_text(json.dumps(told))
    with (room / "districts-2025.csv").open("w", newline="") as file:
        grazing = [(f"70{d}", 1000 * d + 0.5) for d in range(1, DISTRICTS + 1)]
        csv.writer(file).writerows([[SYNTHETIC], ("Code", "Common grazing (acres)")] + grazing)
    money = [("crown", "7", 900)] + [("district", f"70{d}", 160) for d in range(1, DISTRICTS + 1)]
    money += [("guild", f"70{d}", 30) for d in range(1, DISTRICTS + 1)]
    lines = [f'  - {{fund: {f}, unit: "{u}", year: {y}, amount: {a}}}' for y in (2026, 2027) for f, u, a in money]
    lines += ["land:"] + [f'  - {{unit: "70{d}", year: 2026, amount: 40}}' for d in range(1, DISTRICTS + 1)]
    (room / "funds.yaml").write_text("\n".join([f"# {SYNTHETIC}", "funds:"] + lines) + "\n")


# ---- reckoning again ----

def principal(matrix):
    """The principal eigenvector by plain iteration, summing to one."""
    size = len(matrix)
    vector = [1 / size] * size
    for _ in range(200):
        vector = [sum(matrix[i][j] * vector[j] for j in range(size)) for i in range(size)]
        vector = [x / sum(vector) for x in vector]
    return vector


def judged(count, pairs):
    matrix = [[1.0] * count for _ in range(count)]
    for i, j, ratio in pairs:
        matrix[i][j], matrix[j][i] = ratio, 1 / ratio
    return principal(matrix)


def weights():
    dimension = dict(zip(("LIFE", "WAYS", "WORK"), judged(3, [(0, 1, 2), (0, 2, 3), (1, 2, 1.5)])))
    life = judged(4, [(0, 1, 2), (0, 2, 2), (0, 3, 4), (1, 2, 1), (1, 3, 2), (2, 3, 2)])
    inside = dict(zip(ORDER, life + [2 / 6, 3 / 6, 1 / 6, 1 / 3, 2 / 3]))
    return dimension, inside


def utility(key, value):
    if key == "ROAD":
        return ROADS[value]
    if key == "BRIDGE":
        return 1.0 if value == "yes" else 0.0
    floor, goal = LINES[key]
    return min(1.0, max(0.0, (value - floor) / (goal - floor)))


def score(facts):
    """Score and coverage: silence stands at the floor, what does not apply is weighed out."""
    dimension, inside = weights()
    total = covered = 0.0
    for name, weight in dimension.items():
        keys = [k for k in ORDER if DIMENSION[k] == name and facts[k] != "n.a."]
        whole = sum(inside[k] for k in keys)
        for key in keys:
            share = weight * inside[key] / whole
            covered += 0 if facts[key] is None else share
            total += 0 if facts[key] is None else share * utility(key, facts[key])
    return total, covered


def passes(facts, tier):
    """True, False, or None where a missing value leaves it open."""
    least = 40 if facts["ALTITUDE"] == "high" else 80
    roads = list(ROADS)
    gates = {0: [None if facts["ROAD"] is None else roads.index(facts["ROAD"]) >= 1],
             1: [facts["PEOPLE"] >= least], 2: [facts["QUARRELS_LATE"] == 0]}
    asked = [g for t, some in gates.items() for g in some if tier <= t]
    return False if False in asked else None if None in asked else True


def apportion(bases, share):
    total = int(sum(bases.values()) * share / 100 + 0.5)
    exact = {pool: total * base / sum(bases.values()) for pool, base in bases.items()}
    places = {pool: int(x) for pool, x in exact.items()}
    best = sorted(exact, key=lambda p: (places[p] - exact[p], -bases[p], p))
    for pool in best[:total - sum(places.values())]:
        places[pool] += 1
    return places


def classify(told, before):
    """Tier of every settlement and market; camps take no part."""
    placed = [code for code in told if int(code[-3:]) < 900]
    scores = {code: score(told[code]) for code in placed}
    pools = {}
    for code in placed:
        pools.setdefault(code[:3], []).append(code)
    quotas = {t: apportion({p: len(m) for p, m in pools.items()}, SHARES[t]) for t in SHARES}
    tiers = {}
    for pool, members in pools.items():
        spilled = 0
        rivals = [code for code in members if scores[code][1] >= COVERAGE]
        for place, tier in enumerate(TIERS[:-1]):
            held = {c for c in rivals if before.get(c) in TIERS[:place + 1]}
            able = [c for c in rivals if c not in tiers and passes(told[c], place) is True]
            able.sort(key=lambda c: (-scores[c][0] - (HYSTERESIS if c in held else 0), -told[c]["PEOPLE"]))
            open_places = quotas[tier][pool] + spilled
            spilled = max(0, open_places - len(able))
            tiers.update({c: tier for c in able[:open_places]})
        tiers.update({c: "patient" for c in rivals if c not in tiers})
    return tiers, scores, quotas


# ---- comparing ----

class Tap:
    def __init__(self):
        self.number = self.failed = 0

    def check(self, name, fits, why=""):
        self.number += 1
        self.failed += not fits
        print(f"{'ok' if fits else 'not ok'} {self.number} - {name}")
        if not fits:
            print(f"# {why}")


def table(path, name):
    tables = [json.loads(line) for line in path.read_text().splitlines()]
    return [t for t in tables if t["schema"] == f"wancun.{name}/1"][0]["rows"]


def check_tiers(tap, room, year, told, before, name=""):
    tiers, scores, quotas = classify(told, before)
    file = room / f"tiers-{name or year}.json"
    rows = {row["code"]: row for row in table(file, "tiers")}
    apart = [c for c in rows if abs(rows[c]["score"] - 100 * scores[c][0]) > 0.0051]
    tap.check(f"{year}: camps take no part", set(rows) == set(scores), set(rows) ^ set(scores))
    tap.check(f"{year}: every score is the one reckoned here", not apart, apart[:3])
    wrong = [c for c in rows if rows[c]["tier"] != tiers.get(c, {"state": "undecided"})]
    tap.check(f"{year}: every tier is the one reckoned here", not wrong,
              [(c, rows[c]["tier"], tiers.get(c), rows[c]["score"]) for c in wrong[:3]])
    undecided = [c for c in rows if c not in tiers]
    few = {c for c in scores if scores[c][1] < COVERAGE}
    tap.check(f"{year}: who says too little is undecided", set(undecided) == few, set(undecided) ^ few)
    pools = {row["code"]: row for row in table(file, "tier_pools")}
    fits = all(pools[p][f"{t}_quota"] >= quotas[t][p] for t in SHARES for p in pools)
    tap.check(f"{year}: every district has its places", fits and len(pools) == DISTRICTS)
    return tiers


def check_rollup(tap, room, told):
    rows = table(room / "rollup.json", "rollup")
    value = {(r["code"], r["indicator"]): r["value"] for r in rows}
    for pool in [f"70{d}" for d in range(1, DISTRICTS + 1)]:
        mine = [f for c, f in told.items() if c.startswith(pool)]
        people = sum(f["PEOPLE"] for f in mine)
        tap.check(f"{pool}: people add up", value[pool, "PEOPLE"] == people, value[pool, "PEOPLE"])
        homes = sum(f["HOMES"] for f in mine if f["SPRING"] is not None)
        wet = sum(f["HOMES"] * f["SPRING"] for f in mine if f["SPRING"] is not None) / homes
        tap.check(f"{pool}: safe water is weighed by homes", abs(value[pool, "SPRING"] - wet) < 0.11,
                  (value[pool, "SPRING"], wet))
        known = [f for f in mine if f["EARNINGS"] is not None]
        earned = sum(f["PEOPLE"] * f["EARNINGS"] for f in known) / sum(f["PEOPLE"] for f in known)
        tap.check(f"{pool}: earnings are weighed by people", abs(value[pool, "EARNINGS"] - earned) < 0.051,
                  (value[pool, "EARNINGS"], earned))


def check_hold(tap, year, told, before, tiers):
    """Who stays only by the margin of stability lies within it of where the scores alone put the line."""
    loose, scores, _ = classify(told, {})
    stays = [c for c in tiers if before.get(c) == tiers[c] and loose[c] != tiers[c]]
    up = [c for c in stays if TIERS.index(loose[c]) > TIERS.index(tiers[c])]
    tap.check(f"{year}: some keep a tier that the scores alone would take from them", len(up) > 0)
    far = []
    for code in up:
        others = [scores[c][0] for c in loose if c[:3] == code[:3] and loose[c] == tiers[code]
                  and tiers[c] != tiers[code]]
        far += [] if others and min(others) - scores[code][0] <= HYSTERESIS else [code]
    tap.check(f"{year}: each of them lies within the margin of who would have taken the place", not far, far)


def why(code, was, now, before, after, scores_before, scores_after):
    """The first that applies: data, gates, then scores; nobody is fixed by decision here."""
    if was is None or now is None:
        return "too_little_known" if now is None else "enough_known"
    place = TIERS.index(now)
    if place > TIERS.index(was):
        gate = passes(after[code], place - 1)
        if gate is not True:
            return "gate_failed" if gate is False else "gate_undetermined"
        return "score_fell" if scores_after < scores_before else "overtaken"
    was_place = TIERS.index(was)
    if passes(before[code], was_place - 1) is not True:
        return "gate_passed"
    return "score_rose" if scores_after > scores_before else "place_freed"


def check_moves(tap, room, before, after, was, now):
    moved = {row["code"]: row for row in table(room / "compared.json", "runs_compared")}
    expected = {c for c in set(was) | set(now) if was.get(c) != now.get(c)}
    tap.check("who moved is who moved", set(moved) == expected, set(moved) ^ expected)
    wrong = []
    for code in expected & set(moved):
        scores = [score(told[code])[0] for told in (before, after)]
        reason = why(code, was.get(code), now.get(code), before, after, *scores)
        if abs(scores[0] - scores[1]) > 1e-6 and moved[code]["why"] != reason:
            wrong.append((code, moved[code]["why"], reason))
    tap.check("and why is why", not wrong, wrong[:3])
    kinds = {row["why"] for row in moved.values()}
    tap.check("several reasons occur", len(kinds) >= 3, kinds)
    decided = [row for row in table(room / "decided.json", "runs_compared") if row["why"] == "decided"]
    tap.check("a decision is told from a score", [row["after"] for row in decided] == ["beacon"], decided)


def check_plan(tap, room):
    works = table(room / "plan.json", "plan_works")
    money = table(room / "plan.json", "plan_money")
    shares = all(w["crown"] + w["district"] + w["guild"] == w["cost"] for w in works)
    tap.check("every coin of a work is paid by exactly one fund", shares and len(works) > 100)
    halves = [w for w in works if w["recipe"] == "half"]
    tap.check("half and half is half and half", all(0 <= w["district"] - w["crown"] <= 1 for w in halves))
    used = {}
    for row in money:
        used[row["what"]] = used.get(row["what"], 0) + row["used"]
    for fund, name in (("crown", "Crown grant"), ("district", "District purse"), ("guild", "Dairy guild")):
        spent = sum(w[fund] for w in works)
        tap.check(f"{name}: works and accounts agree", used[name] == spent, (used[name], spent))
    tap.check("no limit is passed", all(row["used"] <= row["limit"] for row in money))
    late = [w for w in works if w["tier"] in ("beacon", "rising") and w["measure"] == "SPRINGS"]
    tap.check("the first two tiers get their water", len(late) > 20)


def check(room):
    tap = Tap()
    told = json.loads((room / "facts.json").read_text())
    check_rollup(tap, room, told["2025"])
    first = check_tiers(tap, room, 2024, told["2024"], {})
    second = check_tiers(tap, room, 2025, told["2025"], first)
    check_hold(tap, 2025, told["2025"], first, second)
    early = check_tiers(tap, room, 2026, told["2026"], first, "2026-early")
    third = check_tiers(tap, room, 2026, told["2026"], second)
    check_hold(tap, 2026, told["2026"], second, third)
    tap.check("a run that nobody approved holds nobody", early != third)
    check_moves(tap, room, told["2025"], told["2026"], second, third)
    check_plan(tap, room)
    print(f"1..{tap.number}")
    return tap.failed


if __name__ == "__main__":
    where = pathlib.Path(sys.argv[2])
    sys.exit(make(where) if sys.argv[1] == "make" else check(where))
