"""The tables of docs/performance.md and docs/en/performance.md, from the logs of one run of all
benchmarks: page.py DIR, where DIR holds cube.log, weigh.log, solve.log, sheet.log and http.log."""
import datetime
import os
import pathlib
import platform
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PAGES = {"docs/performance.md": 0, "docs/en/performance.md": 1}  # the language's place in a pair
BEGIN, END = "<!-- bench -->\n", "\n<!-- /bench -->"
SPREAD = r"\s+([\d.]+) \S+\s+\(([\d.]+) to ([\d.]+)\)"


def find(pattern, text):
    found = re.search(pattern, text)
    if not found:
        sys.exit(f"page: no “{pattern}” in the log")
    return found


def spread(name, text):
    return tuple(map(float, find(re.escape(name) + SPREAD, text).groups()))


def shown(values, digits, unit=""):
    middle, least, most = values
    return f"{middle:,.{digits}f}{unit} ({least:,.{digits}f}–{most:,.{digits}f})"


class Rows:
    """What was measured beside what was wanted; `is_met` by the median."""

    def __init__(self):
        self.rows = []

    def at_least(self, work, peer, ours, theirs, ratio, goal, digits=1, unit=" ×"):
        self.add(work, peer, ours, theirs, shown(ratio, digits, unit), f"≥ {goal}{unit}", ratio[0] / goal)

    def at_most(self, work, peer, ours, value, goal, unit):
        self.add(work, peer, ours, "", "", f"≤ {goal} {unit}", goal / value if value > 0 else 9)

    def add(self, *cells):
        self.rows.append(cells)


def met(part):
    if part >= 1:
        return ("到", "met")
    return (f"未到：目标的 {part:.0%}", f"short: {part:.0%} of it")


# ---- each log ----

def cube_rows(text, rows):
    for name, zh, en, goal in (("province", "全省", "province", 300), ("nation", "全国", "nation", 200)):
        part = text.partition(f"== {name}:")[2].partition("== ")[0]
        version = find(r"DuckDB (v?[\d.]+): CSV", part)[1]
        rows.at_least((f"汇总：{zh}每个单位，100 个指标", f"roll-up: every unit of a {en}, 100 indicators"),
                      f"DuckDB {version}", shown(spread("cube, one thread, CPU", part), 2, " ms"),
                      shown(spread("DuckDB, CPU", part), 0, " ms"), spread("DuckDB / cube", part), goal, 0)
        rows.at_least((f"同上，占读同样多字节的速率（{zh}）", f"the same, share of the rate of reading as many bytes ({en})"),
                      "", "", "", spread("of the rate of reading the same bytes", part), 50, 0, " %")
        one = spread("one value in every level, random places", part)
        rows.at_most((f"一个数值进入各级（{zh}，随机位置）", f"one value in every level ({en}, random places)"), "",
                     shown(one, 0, " ns"), one[0] / 1000, 1.5, "µs")
        if " 0 different" not in part:
            sys.exit("page: the cube and DuckDB differ")


def weigh_rows(text, rows):
    version = find(r"numpy ([\d.]+)", text)[1]
    for model, zh, en in (("around", "围绕既定权重", "around the stated weights"), ("any", "任意权重", "any weighting")):
        part = text.partition(f"weights drawn: {model};")[2].partition("weights drawn:")[0]
        ours = spread_of_times("wancun", part)
        what = (f"稳健性：21,895 村 × 20 项 × 10,000 次，{zh}", f"robustness: 21,895 × 20 × 10,000, {en}")
        for form, said in (("partition", "np.partition"), ("sort", "np.sort")):
            ratio = tuple(map(float, find(rf"ratio to {form}: ([\d.]+) \(([\d.]+) to ([\d.]+)\)", part).groups()))
            rows.at_least(what, f"numpy {version}, {said}", shown(ours, 3, " s"),
                          shown(spread_of_times(form, part), 2, " s"), ratio, 30)
        rows.at_most(what, "", shown(ours, 3, " s"), ours[0], 0.2, "s")


def spread_of_times(name, text):
    return tuple(map(float, find(rf"\n  {name} +([\d.]+) s  \(([\d.]+) to ([\d.]+)\)", text).groups()))


GAPS = [  # problem, seconds, goal in %, what it is
    ("plain 300", "0.1", 0.005, ("计划：一个县 300 村，0.1 秒", "plan: a county of 300 villages, 0.1 s")),
    ("plain 300", "1", 0.003, ("同上，1 秒", "the same, 1 s")),
    ("lumpy 300", "0.1", 0.005, ("一个县，造价成块，0.1 秒", "a county with lumpy costs, 0.1 s")),
    ("lumpy 300", "1", 0.003, ("同上，1 秒", "the same, 1 s")),
    ("plain 2500", "1", 0.01, ("2,500 村，1 秒", "2,500 villages, 1 s")),
    ("plain 18851", "1", 0.01, ("全省 18,851 村，1 秒", "a province of 18,851 villages, 1 s")),
    ("plain 18851", "10", 0.001, ("全省，10 秒", "a province, 10 s")),
    ("lumpy 18851", "2", 0.01, ("全省，造价成块，2 秒", "a province with lumpy costs, 2 s")),
    ("years 18851", "10", 0.02, ("全省三年，10 秒（两个核 5 秒）", "a province, three years, 10 s (two cores: 5 s)")),
]


CONTRACT = [  # one county, ten seconds, two cores, with CBC's bound on the core: median and worst
    ("plain", ("一个县 300 村，10 秒，两个核，由 CBC 在核心上定界", "a county of 300 villages, 10 s, two cores, with CBC's bound on the core")),
    ("lumpy", ("同上，造价成块", "the same, lumpy costs")),
    ("defined, one year", ("按定义生成的县（约 420 村），一年", "a county made from a definition (about 420 villages), one year")),
    ("defined, three years", ("同上，三年", "the same, three years")),
]


def plan_rows(text):
    rows = []
    for problem, seconds, goal, what in GAPS:
        found = find(rf"{problem}\s+(\d+)\s+{re.escape(seconds)}\s+([\d.]+)\s+([\d.]+)\s+([\d.]+)", text)
        seeds, median, worst, cpu = found.groups()
        rows.append((what, seeds, f"{float(median):.5f}", f"{float(worst):.5f}", cpu, f"≤ {goal}", goal / max(float(median), 1e-9)))
    for name, what in CONTRACT:
        found = find(rf"contract {re.escape(name)}: median ([\d.]+) %, worst ([\d.]+) %, (\d+) seeds, ([\d.]+) s CPU", text)
        median, worst, seeds, cpu = found.groups()
        part = min(0.0015 / max(float(median), 1e-9), 0.005 / max(float(worst), 1e-9))
        rows.append((what, seeds, median, worst, cpu, "≤ 0.0015; ≤ 0.005", part))
    return rows


def plan_peer_rows(text, rows):
    found = {}
    for size, peer, gap, cpu, own, ratio in re.findall(
            r"(plain 300|plain 2500|general 100) seed \d+: (CBC [\d.]+|HiGHS \(scipy [\d.]+\)) ([\d.-]+) % in ([\d.]+) s; "
            r"the same in ([\d.]+) s: (\d+ x|not reached)", text):
        found.setdefault((size, peer), []).append((float(gap), float(cpu), float(own), ratio))
    names = {"plain 300": ("计划：一个县，到对照的同一差距", "plan: a county, to the peer's own gap"),
             "plain 2500": ("计划：2,500 村，到对照的同一差距", "plan: 2,500 villages, to the peer's own gap"),
             "general 100": ("一般问题，100 组", "a general problem, 100 groups")}
    for (size, peer), runs in found.items():
        reached = [(cpu / own, own, cpu) for gap, cpu, own, ratio in runs if own > 0]
        missed = len(runs) - len(reached)
        if not reached:
            rows.add(names[size], peer, "", "", ("没有达到对照的差距", "the peer's gap was not reached"), "", 0)
            continue
        ratios = sorted(r for r, _, _ in reached)
        middle = (ratios[len(ratios) // 2], ratios[0], ratios[-1])
        own = sorted(o for _, o, _ in reached)
        theirs = sorted(c for _, _, c in reached)
        note = f"; {missed} / {len(runs)}" if missed else ""
        if len(runs) == 1:
            rows.add(names[size], peer, f"{own[0]:.3f} s", f"{theirs[0]:.1f} s",
                     (f"{middle[0]:,.0f} ×（一个种子）", f"{middle[0]:,.0f} × (one seed)"), "", None)
            continue
        rows.add(names[size], peer, shown((own[len(own) // 2], own[0], own[-1]), 3, " s"),
                 shown((theirs[len(theirs) // 2], theirs[0], theirs[-1]), 1, " s"), shown(middle, 0, " ×") + note, "", None)
    for size, peer, cpu in re.findall(r"(plain 300|plain 2500|general 100) seed \d+: (.*?): no plan in ([\d.]+) s CPU", text):
        rows.add(names[size], peer, "", f"{float(cpu):.1f} s", ("对照没有得出计划", "the peer found no plan"), "", None)


def beyond_row(text, rows):
    gap, own, theirs, cpu, word, ratio = find(
        r"ours ([\d.]+) % in ([\d.]+) s; CBC 2.10 ([\d.]+) % after ([\d.]+) s: (at least|at most) (\d+) x", text).groups()
    rows.add((f"计划：2,500 村，到差距 {gap}%", f"plan: 2,500 villages, to a gap of {gap} %"), "CBC 2.10", f"{float(own):.3f} s",
             (f"{cpu} s 后仍在 {theirs}%", f"{theirs} % after {cpu} s"), ("≥ " if word == "at least" else "≤ ") + f"{int(ratio):,} ×",
             "≥ 1,000 ×", int(ratio) / 1000 if word == "at least" else 0)


def again_row(text, rows):
    found = find(r"plain 18851 again: ([\d.]+) s CPU \(([\d.]+) to ([\d.]+)\), gap ([\d.]+) %", text)
    times = tuple(map(float, found.groups()[:3]))
    rows.at_most((f"全省计划：资金减 2% 后重排（差距 {found[4]}%）", f"a province's plan again after its money is cut by 2 % (gap {found[4]} %)"),
                 "", shown(times, 2, " s"), times[0], 0.2, "s")


def sheet_rows(text, rows):
    def taken(name):
        found = find(rf"{name}\s+cells \d+  CPU s median ([\d.]+) \(([\d.]+)–([\d.]+)\)  ratio median ([\d.]+) "
                     r"\(([\d.]+)–([\d.]+)\)  peak ([\d.]+) MiB(?:, of which the file ([\d.]+))?", text)
        return [float(x) if x else 0.0 for x in found.groups()]

    ours = taken("product")
    what = ("工作簿读入：20,000 × 100 格", "workbook in: 20,000 × 100 cells")
    for name, said, goal in (("openpyxl", "openpyxl", 7), ("ogr", "OGR (GDAL)", 1.4)):
        theirs = taken(name)
        version = find(r"openpyxl ([\d.]+), GDAL ([\d.]+)", text)[1 if name == "openpyxl" else 2]
        rows.at_least(what, f"{said} {version}", shown(ours[:3], 2, " s"), shown(theirs[:3], 2, " s"), tuple(theirs[3:6]), goal)
    peak = ours[6] - ours[7]
    rows.at_most(("同上，峰值内存（不算映射的文件）", "the same, peak memory (without the mapped file)"), "", f"{peak:.1f} MiB", peak, 10, "MiB")
    if ", 0 different" not in find(r"cells compared[^\n]*", text)[0] and " 0 different" not in text:
        sys.exit("page: the readers differ")


# ---- memory, loading, machine ----

def side_rows(logs):
    cube, sheet = logs["cube"], logs["sheet"]
    rows = []
    for name, zh, en in (("province", "全省", "province"), ("nation", "全国", "nation")):
        part = cube.partition(f"== {name}:")[2].partition("== ")[0]
        ours = find(r"cube: CSV read (\d+) ms, filled and rolled (\d+) ms CPU; (\d+) MiB in all; snapshot sealed in (\d+) ms, "
                    r"checked and opened in (\d+) ms", part)
        theirs = find(r"CSV to table (\d+) ms CPU", part)[1]
        memory = find(r"memory: (\d+) MiB before DuckDB, (\d+) at the peak", part)
        rows.append((f"汇总，{zh}" if zh else "", f"roll-up, {en}",
                     (f"读 CSV {ours[1]} ms，装入并汇总 {ours[2]} ms；快照 {ours[3]} MiB，封存 {ours[4]} ms，核对并打开 {ours[5]} ms",
                      f"CSV read {ours[1]} ms, filled and rolled {ours[2]} ms; snapshot of {ours[3]} MiB sealed in {ours[4]} ms, checked and opened in {ours[5]} ms"),
                     f"DuckDB: CSV {theirs} ms", f"{memory[1]} MiB / {memory[2]} MiB"))
    peaks = {n: find(rf"{n}\s+cells.*?peak ([\d.]+) MiB", sheet)[1] for n in ("product", "openpyxl", "ogr")}
    rows.append(("工作簿", "workbook", ("—", "—"), "—", f"{peaks['product']} MiB / openpyxl {peaks['openpyxl']}, OGR {peaks['ogr']} MiB"))
    return rows


def http_rows(text, rows):
    nginx = find(r"nginx return: ([\d.]+) us", text)[1]
    for name, zh, en, goal in (("http: ", "HTTP：固定的 JSON，每个请求的 CPU", "HTTP: a constant JSON, CPU a request", 1.25),
                               ("value:", "HTTP：登录、查辖区、记日志的一个数值", "HTTP: a value, authenticated, scoped, logged", 2.5)):
        ours = find(rf"wancun {name}\s*([\d.]+) us", text)[1]
        ratio = float(ours) / float(nginx)
        rows.add((zh, en), "nginx `return`", f"{ours} µs", f"{nginx} µs", f"{ratio:.2f} ×", f"≤ {goal} ×", goal / ratio)


def machine():
    cpu = find(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())[1]
    memory = int(find(r"MemTotal:\s+(\d+)", pathlib.Path("/proc/meminfo").read_text())[1]) // 1048576
    debian = pathlib.Path("/etc/debian_version").read_text().strip()
    kind = subprocess.run(["df", "--output=fstype", str(ROOT)], capture_output=True, text=True).stdout.split()[-1]
    return {"cpu": cpu, "cores": os.cpu_count(), "memory": memory, "debian": debian, "kernel": platform.release().split("-")[0],
            "kind": kind, "date": datetime.date.today().isoformat(), "load": os.getloadavg()[2]}


MACHINE = ("{date}，{cpu}，{cores} 个核，内存 {memory} GiB，Debian {debian}，内核 {kernel}，磁盘 {kind}；运行时另有别的工作，平均负载 {load:.0f}。",
           "{date}, {cpu}, {cores} cores, {memory} GiB, Debian {debian}, kernel {kernel}, disk {kind}; other work was running, load {load:.0f}.")
HEADS = (("工作", "对照", "本程序", "对照用时", "倍数或比率", "目标", ""),
         ("Work", "Peer", "Ours", "Peer's", "Ratio or share", "Target", ""))
PLAN_HEADS = (("问题", "种子数", "差距中位 %", "最差 %", "CPU 秒", "目标 %", ""),
              ("Problem", "Seeds", "Median gap %", "Worst %", "CPU s", "Target %", ""))
SIDE_HEADS = (("", "本程序装入（CPU）", "对照装入", "峰值内存：本程序 / 连同对照"),
              ("", "Loading, ours (CPU)", "Peer's", "Peak memory: ours / with the peer"))
TITLES = (("### 与同类软件相比", "### 计划：证明的差距", "### 装入与内存"),
          ("### Beside peers", "### The plan: proven gaps", "### Loading and memory"))


def table(heads, rows):
    return "\n".join("| " + " | ".join(str(c) for c in row) + " |" for row in [heads, ["---"] * len(heads), *rows])


def said(cell, lang):
    return cell[lang] if isinstance(cell, tuple) else cell


def page_text(lang, logs, rows, about):
    beside = [[said(c, lang) for c in row[:-1]] + ["" if row[-1] is None else met(row[-1])[lang]] for row in rows.rows]
    gaps = [[said(c, lang) for c in row[:-1]] + [met(row[-1])[lang]] for row in plan_rows(logs["solve"])]
    sides = [[row[lang], said(row[2], lang), row[3], row[4]] for row in side_rows(logs)]
    parts = [MACHINE[lang].format(**about), TITLES[lang][0], table(HEADS[lang], beside), TITLES[lang][1],
             table(PLAN_HEADS[lang], gaps), TITLES[lang][2], table(SIDE_HEADS[lang], sides)]
    return "\n\n".join(parts)


def main():
    logs = {name: (pathlib.Path(sys.argv[1]) / f"{name}.log").read_text() for name in ("cube", "weigh", "solve", "sheet", "http")}
    rows = Rows()
    cube_rows(logs["cube"], rows)
    weigh_rows(logs["weigh"], rows)
    plan_peer_rows(logs["solve"], rows)
    beyond_row(logs["solve"], rows)
    again_row(logs["solve"], rows)
    sheet_rows(logs["sheet"], rows)
    http_rows(logs["http"], rows)
    about = machine()
    for name, lang in PAGES.items():
        path = ROOT / name
        head, _, rest = path.read_text().partition(BEGIN)
        path.write_text(head + BEGIN + page_text(lang, logs, rows, about) + END + rest.partition(END)[2])


if __name__ == "__main__":
    main()
