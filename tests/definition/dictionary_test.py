#!/usr/bin/env python3
"""The dictionary of the example province goes out to a workbook and comes back, as a person does it.

dictionary_test.py WANCUN SOURCE"""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

import openpyxl

WANCUN, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2])
PROGRAMME = SOURCE / "programmes" / "example-province"
ROOM = pathlib.Path(tempfile.mkdtemp())
BOOK = ROOM / "dictionary.xlsx"


def on(*words, status=0):
    done = subprocess.run([WANCUN, "--lang", "en", "-d", ROOM / "office", *words],
                          capture_output=True, text=True)
    assert done.returncode == status, (words, done.returncode, done.stderr)
    return done


def changes(*words, status=0):
    return json.loads(on("--json", *words, status=status).stdout)["rows"]


def edited(name, sheet, row_id, column, value):
    """A copy of the workbook with one cell changed."""
    book = openpyxl.load_workbook(BOOK)
    page = next(page for page in book if page.title.split()[-1] == sheet)
    rows = list(page.iter_rows())
    head = next(row for row in rows if str(row[0].value).split()[-1:] == ["id"])
    place = next(cell.column for cell in head if str(cell.value).split()[-1] == column)
    row = next(row for row in rows if row[0].value == row_id)
    page.cell(row[0].row, place).value = value
    book.save(ROOM / name)
    return ROOM / name


def unedited_it_changes_nothing():
    on("programme", "export", "-o", BOOK)
    assert changes("programme", "import", BOOK, "--dry-run") == []
    done = on("programme", "import", BOOK)
    assert "Changes: 0" in done.stderr and "already" in done.stderr, done.stderr


def saved_by_another_program_it_still_changes_nothing():
    openpyxl.load_workbook(BOOK).save(ROOM / "saved.xlsx")
    assert changes("programme", "import", ROOM / "saved.xlsx", "--dry-run") == []


def yaml_comes_out_as_it_is_in_force():
    on("programme", "export", "-o", ROOM / "programme.yaml")
    assert changes("programme", "diff", ROOM / "programme.yaml") == []
    assert changes("programme", "diff", PROGRAMME) == []


def an_edited_cell_is_one_difference():
    book = edited("edited.xlsx", "indicators", "PS04", "name.en", "people who live here")
    rows = changes("programme", "import", book, "--dry-run")
    assert [(row["id"], row["field"]) for row in rows] == [("PS04", "name")], rows
    assert "people who live here" in rows[0]["after"], rows
    assert len(changes("programme", "diff", PROGRAMME)) == 0
    assert len(changes("programme", "import", book)) == 1
    assert len(changes("programme", "diff", PROGRAMME)) == 1
    on("doctor")


def what_is_permanent_is_refused():
    book = edited("wrong.xlsx", "indicators", "PS04", "type", "decimal")
    done = on("programme", "import", book, status=1)
    assert "PS04" in done.stderr, done.stderr
    on("programme", "export", "-o", ROOM / "again.yaml")
    assert '"people who live here"' in (ROOM / "again.yaml").read_text()


def faults_are_said_with_their_cell():
    book = edited("fault.xlsx", "indicators", "PS04", "aggregate", "summ")
    done = on("programme", "import", book, status=1)
    assert "indicators" in done.stderr and "summ" in done.stderr, done.stderr


def libreoffice_opens_the_workbook():
    done = subprocess.run(["soffice", f"-env:UserInstallation=file://{ROOM}/profile", "--headless",
                           "--convert-to", "csv", "--outdir", ROOM, BOOK], capture_output=True, text=True)
    text = BOOK.with_suffix(".csv")
    assert done.returncode == 0 and text.exists() and text.stat().st_size > 0, done.stderr


TESTS = [unedited_it_changes_nothing, saved_by_another_program_it_still_changes_nothing,
         yaml_comes_out_as_it_is_in_force, what_is_permanent_is_refused, faults_are_said_with_their_cell,
         libreoffice_opens_the_workbook]
TESTS.insert(3, an_edited_cell_is_one_difference)
subprocess.run([WANCUN, "init", ROOM / "office", "--programme", PROGRAMME], check=True, capture_output=True)
print(f"1..{len(TESTS)}")
failures = 0
for number, test in enumerate(TESTS, 1):
    if test is libreoffice_opens_the_workbook and shutil.which("soffice") is None:
        print(f"ok {number} - {test.__name__} # SKIP soffice is not installed")
        continue
    try:
        test()
        print(f"ok {number} - {test.__name__}")
    except AssertionError as error:
        failures += 1
        print(f"not ok {number} - {test.__name__}\n# {error!r}")
shutil.rmtree(ROOM)
sys.exit(failures > 0)
