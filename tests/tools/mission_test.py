"""tools/mission sees each way in which docs/mission.md can break its word."""
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
TEST = "`office/meeting: leaves_out_with_a_reason`"
COMMAND = "在建：`fly to the moon`"

# What stands in one row instead of a sound one, and what is said of it; None: nothing.
ROWS = [
    ("字词 | 能力 | — | — | 未实现 | 步骤 8", None),
    (f"字词 | 能力 | {COMMAND} | {TEST} | 部分 | 其余见步骤 4", None),
    (f"字词 | 能力 | {COMMAND} | — | 在建 | 步骤 1", None),
    (f"字词 | — | — | {TEST} | 不做 | 没有可办理的内容", None),
    ("字词 | 能力 | — | — | 快了 | 步骤 8", "no such state"),
    ("字" * 30 + " | 能力 | — | — | 未实现 | 步骤 8", "quotes more than"),
    ("字词 | 能力 | — | — | 未实现 | 以后", "names no step"),
    ("字词 | 能力 | — | — | 未实现 | 步骤 11", "names no step"),
    ("字词 | 能力 | — | — | 不做 | ", "nor why"),
    (f"字词 | 能力 | — | {TEST} | 未实现 | 步骤 8", "neither command nor test"),
    ("字词 | 能力 | — | — | 部分 | 步骤 8", "部分 needs a test"),
    ("字词 | 能力 | — | — | 在建 | 步骤 1", "needs the command that is being built"),
    (f"字词 | 能力 | — | {TEST} | 已有 | ", "needs a command and a test"),
    (f"字词 | 能力 | `fly to the moon` | {TEST} | 部分 | 步骤 4", "is no command"),
    ("字词 | 能力 | — | `office/meeting: no_such_test` | 部分 | 步骤 4", "is no test"),
    ("字词 | 能力 | — | `leaves_out_with_a_reason` | 部分 | 步骤 4", "is no test"),
    ("字词 | 能力 | — | 未实现 | 步骤 8", "columns, not 7"),
]


def page(clauses, number=0, row=""):
    sound = "字词 | 能力 | — | — | 未实现 | 步骤 8"
    return "".join(f"| {n} | {row if n == number else sound} |\n" for n in clauses)


def answer(text):
    with tempfile.NamedTemporaryFile("w", suffix=".md") as file:
        file.write(text)
        file.flush()
        run = subprocess.run([ROOT / "tools" / "mission", file.name], capture_output=True, text=True)
    return run.returncode, run.stdout


def is_seen(text, said):
    code, out = answer(text)
    return code == 0 and not out if said is None else code == 1 and said in out


def main():
    whole = list(range(1, 88))
    cases = [(page(whole, 40, row), said) for row, said in ROWS]
    cases.append((page([n for n in whole if n != 40]), "clause 41 where 40 is expected"))
    cases.append((page(whole[:-1]), "ends with clause 86"))
    failed = [text.splitlines()[39] for text, said in cases if not is_seen(text, said)]
    print("\n".join(failed) or f"{len(cases)} pages judged")
    return 1 if failed else 0


sys.exit(main())
