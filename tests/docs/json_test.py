#!/usr/bin/env python3
"""What --json prints: every command on an invented office of eight villages, every line held against
docs/schemas/table.json, its tables and columns against docs/json.md and docs/en/json.md; and against
docs/schemas/answers.json, which says the same to programs and goes into the description of the API.

json_test.py WANCUN SOURCE [--write]: with --write pages and answers.json are made anew."""
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import jsonschema
import openpyxl

WANCUN, SOURCE, WRITE = sys.argv[1], pathlib.Path(sys.argv[2]), "--write" in sys.argv
TINY, PROGRAMME = SOURCE / "tests" / "data" / "tiny", SOURCE / "programmes" / "example-province"
SCHEMA = json.loads((SOURCE / "docs" / "schemas" / "table.json").read_text())
PAGES = {"zh": SOURCE / "docs" / "json.md", "en": SOURCE / "docs" / "en" / "json.md"}
ANSWERS = SOURCE / "docs" / "schemas" / "answers.json"
VILLAGE = "990101208200"
PROBLEM = {"resources": [{"limit": 9}], "groups": [{"options": [{"value": 0}, {"value": 5, "use": {"0": 4}}]}]}
NOT_RUN = {
    "demo",  # a whole demonstration
    "help",  # pages that are no tables
    "proposals decide",  # two persons
    "proposals withdraw",
    "notice close",  # days to wait
    "serve",  # no end of its own
    "ui",
}


def tour(room):
    """Every command in an order that works; {tier} and the like are filled in from what came before."""
    on = ["-d", room / "office"]
    return [
        ("init", [room / "office", "--programme", PROGRAMME]),
        ("import register", [*on, TINY / "register.csv", "--as-of", "2022-12-31"]),
        ("import ledger", [*on, TINY / "ledger-2023.csv", "--period", "2023"]),
        ("import ledger", [*on, TINY / "ledger-2024.csv", "--period", "2024", "--dry-run"]),
        ("import ledger", [*on, TINY / "ledger-2024.csv", "--period", "2024"]),
        ("import wishes", [*on, TINY / "wishes.csv"]),
        ("import list", on),
        ("import ledger", [*on, TINY / "ledger-2024-village.csv", "--period", "2024", "--source", "village"]),
        ("import conflicts", [*on, "--period", "2024"]),
        ("export ledger", [*on, "--period", "2024", "-o", room / "form.xlsx"]),
        ("rollup", [*on, "--period", "2024", "--indicator", "PS04"]),
        ("values list", [*on, "--period", "2024", "--indicator", "PS04"]),
        ("explain value", [*on, VILLAGE, "PS04", "--period", "2024"]),
        ("classify", [*on, "--period", "2024", "--draws", "100"]),
        ("explain tier", [*on, VILLAGE]),
        ("runs list", on),
        ("override tier", [*on, VILLAGE, "remediation", "--reason", "test"]),
        ("classify", [*on, "--period", "2024", "--draws", "100"]),
        ("plan", [*on, "--years", "2025", "--funds", TINY / "funds.yaml"]),
        ("explain plan", [*on, VILLAGE]),
        ("runs list", on),
        ("runs show", [*on, "{run}"]),
        ("runs results", [*on, "{tier}"]),
        ("runs results", [*on, "{run}"]),
        ("runs compare", [*on, "{tier}", "{tier}"]),
        ("approve", [*on, "{tier}", "--resolution", "test"]),
        ("proposals list", on),
        ("notice open", [*on, "{tier}", "--to", "2199-01-01", "--place", "test"]),
        ("notice list", on),
        ("appeal add", [*on, "{notice}", VILLAGE, "--who", "test", "--text", "test", "--ground", "test"]),
        ("appeal list", [*on, "{notice}"]),
        ("appeal answer", [*on, "{appeal}", VILLAGE, "upheld", "--reason", "test"]),
        ("user add", [*on, "li.min", "--name", "test"]),
        ("user password", [*on, "li.min", "--from-file", room / "password.txt"]),
        ("user post", [*on, "li.min", "village", "--unit", VILLAGE]),
        ("user list", on),
        ("user posts", on),
        ("user token", [*on, "li.min", "--purpose", "test", "--rights", "read", "--days", "1"]),
        ("user sessions", [*on, "li.min"]),
        ("user revoke", [*on, "li.min", "{session}"]),
        ("user leave", [*on, "{held}", "--to", "2199-01-01"]),
        ("user disable", [*on, "li.min"]),
        ("user restart", [*on, "li.min"]),
        ("import revert", [*on, "{ledger}", "--reason", "test"]),
        ("import register", [*on, TINY / "register-later.csv", "--as-of", "2024-06-30"]),
        ("lineage show", on),
        ("lineage show", [*on, VILLAGE]),
        ("lineage propose", on),
        ("lineage propose", [*on, "-o", room / "lineage.xlsx"]),
        ("lineage apply", [*on, room / "lineage.xlsx", "--reason", "test", "--dry-run"]),
        ("audit verify", on),
        ("audit export", [*on, "-o", room / "trace.ndjson"]),
        ("witness", [room / "trace.ndjson", "--state", room / "witness", "-o", room / "note.txt"]),
        ("audit verify", [*on, "--note", room / "note.txt"]),
        ("read", [SOURCE / "tests" / "corpus" / "report" / "county.txt"]),
        ("solve", [room / "problem.json", "--seconds", "0"]),
        ("programme check", [PROGRAMME]),
        ("programme diff", [*on, PROGRAMME]),
        ("programme apply", [*on, PROGRAMME]),
        ("programme export", [*on, "-o", room / "dictionary.xlsx"]),
        ("programme import", [*on, room / "dictionary.xlsx"]),
        ("doctor", on),
        ("backup", [*on, "-o", room / "office.tar"]),
        ("check", [room / "office.tar"]),
        ("restore", [room / "office.tar", room / "restored", "--keys", on[1]]),
    ]


def decide(path, word):
    """Confirm the first proposal of a lineage workbook, as a person would."""
    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    head = next(cell for row in page.iter_rows() for cell in row
                if str(cell.value).lower() in ("decision", "决定"))
    page.cell(head.row + 1, head.column).value = word
    book.save(path)


def check(table):
    jsonschema.validate(table, SCHEMA)
    keys = [column["key"] for column in table["columns"]]
    assert len(set(keys)) == len(keys), table["schema"]
    assert all(list(row) == keys for row in table["rows"]), table["schema"]


def remember(known, table):
    """Runs and batches that later commands name."""
    for row in table["rows"]:
        if table["schema"] == "wancun.runs/1":
            known.setdefault("run", row["run"])
            known.setdefault(row["kind"], row["run"])
        for kind in ("session", "held", "notice", "appeal"):
            if kind in row:
                known.setdefault(kind, row[kind])
        if table["schema"] == "wancun.batches/1":
            known.setdefault(row["kind"], row["batch"])


def run_all(lang):
    """{command: {schema: table}} of everything that was printed."""
    room, known, tables = pathlib.Path(tempfile.mkdtemp()), {}, {}
    (room / "problem.json").write_text(json.dumps(PROBLEM))
    (room / "password.txt").write_text("terrace heron 9 pump\n")
    for command, words in tour(room):
        if command == "lineage apply":
            decide(room / "lineage.xlsx", {"zh": "确认", "en": "confirm"}[lang])
        words = [known.get(str(word).strip("{}"), word) for word in words]
        done = subprocess.run([WANCUN, "--lang", lang, "--json", *command.split(), *words],
                              capture_output=True, text=True)
        assert done.returncode == 0, (command, done.stderr)
        mine = tables.setdefault(command, {})
        for line in done.stdout.splitlines():
            table = json.loads(line)
            check(table)
            remember(known, table)
            mine.setdefault(table["schema"], table)
    shutil.rmtree(room)
    return tables


def commands():
    page = subprocess.run([WANCUN, "help", "page", "--lang", "en"], capture_output=True, text=True).stdout
    return re.findall(r"^## (.+)$", page, re.MULTILINE)


def cell(text):
    return text.replace("|", "\\|").replace("\n", " ")


INTRO = {
    "zh": """# JSON

[English](en/json.md) · 本页由 `tests/docs/json_test.py` 按程序的实际输出生成，并逐次核对。

加 `--json` 后，标准输出每行一个对象，一个对象一张表；一张表就是一份普通的 JSON，几张表就是 NDJSON。`-o 文件.json` 写出的相同。
不出现在下面的命令没有结果表：`--json` 时标准输出为空，说明在标准错误。

```
{"schema":"wancun.<名称>/1","title":…,"inputs":{…},"notes":[…],"columns":[{"key":…,"title":…}…],"rows":[{…}…]}
```

- `schema` 是表的名称和版本；列改名、删去或改变含义时版本加一，增加列不算。`title`、`notes` 和列的 `title` 随语言变，其余不随语言变。
- `inputs` 是结果所依据的内容：测算编号、期别、方案版本、随机种子。
- 单元格只有四种：文字；数（小数位数按指标的规定）；比值 `{"num":…,"den":…}`；没有数值 `{"state":"not_reported"}`（或 `not_applicable`、`rejected`、`unknown`），从不写 null。
- 64 位编号和代码是文字；金额是整数，以最小货币单位（分）计；日期是 ISO 8601；期别是 `2024`、`2024Q3`、`2024-11`。
- 每一行都合乎 [schemas/table.json](schemas/table.json)；求解器的问题和答案另有 [schemas/problem.json](schemas/problem.json) 和
  [schemas/answer.json](schemas/answer.json)。按方案增减的列（资金、指标）以示范省方案为例。
  [schemas/answers.json](schemas/answers.json) 按命令列出各表的列，接口说明（`GET /api`）由它而来。
""",
    "en": """# JSON

[中文](../json.md) · Made from what the program prints by `tests/docs/json_test.py`, and held against it in every test run.

With `--json`, standard output has one object a line and one table an object: one table is an ordinary JSON document, several are NDJSON.
`-o FILE.json` writes the same. Commands not named below have no table: with `--json` they print nothing on standard output.

```
{"schema":"wancun.<name>/1","title":…,"inputs":{…},"notes":[…],"columns":[{"key":…,"title":…}…],"rows":[{…}…]}
```

- `schema` is the table's name and version; the version goes up when a column is renamed, removed or means something else, not when one is added.
  `title`, `notes` and the columns' `title` follow the language, nothing else does.
- `inputs` is what the table rests on: run, period, version of the programme, seed.
- A cell is one of four: a text; a number (with the indicator's decimals); a ratio `{"num":…,"den":…}`; no value, `{"state":"not_reported"}`
  (or `not_applicable`, `rejected`, `unknown`), never null.
- Ids of 64 bits and codes are texts; money is a whole number of the smallest coin; dates are ISO 8601; periods `2024`, `2024Q3`, `2024-11`.
- Every line conforms to [schemas/table.json](../schemas/table.json); problems and answers of the optimiser also to
  [schemas/problem.json](../schemas/problem.json) and [schemas/answer.json](../schemas/answer.json). Columns that follow the programme (funds,
  indicators) are those of the example province. [schemas/answers.json](../schemas/answers.json) names the columns of each command's tables;
  the description of the API (`GET /api`) is made of it.
""",
}
HEADS = {"zh": "| 列 | 含义 |\n|---|---|", "en": "| Column | Meaning |\n|---|---|"}
INPUTS = {"zh": "依据（inputs）：", "en": "inputs: "}


def page_of(lang, tables):
    lines = [INTRO[lang].rstrip()]
    for command in commands():
        mine = tables.get(command, {})
        lines += ["", f"## {command}"] if mine else []
        for schema, table in mine.items():
            lines += ["", f"`{schema}` — {cell(table['title'])}", ""]
            if table["inputs"]:
                lines += [INPUTS[lang] + ", ".join(f"`{key}`" for key in table["inputs"]), ""]
            lines += [HEADS[lang]]
            lines += [f"| `{column['key']}` | {cell(column['title'])} |" for column in table["columns"]]
    return "\n".join(lines) + "\n"


def answers_of(tables):
    """{command: {schema: columns}} of every command, {} for one without tables."""
    lines = []
    for command in commands():
        mine = {schema: [column["key"] for column in table["columns"]]
                for schema, table in tables.get(command, {}).items()}
        lines.append(f"  {json.dumps(command)}: {json.dumps(mine)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def keep(path, text):
    """Is it what the file says? With --write it is from now on."""
    if WRITE:
        path.write_text(text)
    elif not path.exists() or path.read_text() != text:
        print(f"{path} differs from what the program prints; make it anew: "
              "/usr/bin/python3 tests/docs/json_test.py build/src/app/wancun . --write", file=sys.stderr)
        return False
    return True


def main():
    are_kept = []
    for lang, path in PAGES.items():
        tables = run_all(lang)
        missing = set(commands()) - set(tables) - NOT_RUN
        assert not missing, f"the tour passes by: {', '.join(sorted(missing))}"
        are_kept.append(keep(path, page_of(lang, tables)))
    are_kept.append(keep(ANSWERS, answers_of(tables)))
    return 0 if all(are_kept) else 1


sys.exit(main())
