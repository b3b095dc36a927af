"""Two workbooks must hold the same sheets with the same cells.
    compare.py BOOK BOOK"""
import sys

import openpyxl


def cells(path):
    book = openpyxl.load_workbook(path, read_only=True)
    return {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book}


got, want = cells(sys.argv[1]), cells(sys.argv[2])
assert want and all(want.values())
assert got.keys() == want.keys(), (got.keys(), want.keys())
for name, rows in want.items():
    for place, (mine, theirs) in enumerate(zip(got[name], rows, strict=True), 1):
        assert mine == theirs, (name, place, mine, theirs)
