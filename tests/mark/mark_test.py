#!/usr/bin/python3
"""mark_test MARK_TOOL SAMPLE_TOOL: workbooks of several makers are marked; openpyxl finds everything
else unchanged and the marks where they should be. With WANCUN_OFFICE=1 LibreOffice makes one of
them and opens every result; it is slow to start, and says that it is skipped otherwise."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest
import zipfile

try:
    import openpyxl
    from openpyxl.chart import BarChart, Reference
    from openpyxl.comments import Comment
    from openpyxl.formatting.rule import CellIsRule
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
    from openpyxl.worksheet.datavalidation import DataValidation
except ImportError:
    print("mark_test: skipped, python3-openpyxl is not installed")
    sys.exit(77)

MARK_TOOL, SAMPLE_TOOL = sys.argv[1:3]
OFFICE = os.environ.get("WANCUN_OFFICE") and shutil.which("soffice")
WARNING, ERROR = "FFFFF2CC", "FFFFD5CC"
MARKS = ["0:B4:e:村名不在名录", "0:D5:e:改厕率超过 100%", "0:D5:w:比上年差得多", "0:H40:w:这里应有合计",
         "0:C1:e:标题与期不符", "0:F3:e:备注过长 <&>", "1:B2:w:第二张表"]
PLACES = {("0", "B4"): ERROR, ("0", "D5"): ERROR, ("0", "H40"): WARNING, ("0", "A1"): ERROR,
          ("0", "F3"): ERROR, ("1", "B2"): WARNING}
FORM_MARKS = ["0:D5:e:超过范围", "0:G4:w:表头被改", "1:A2:w:说明"]
STYLE = ("font", "border", "alignment", "number_format", "protection")


def make_ledger(path):
    """A county's ledger as openpyxl writes it: all that must survive, in one file."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "台账"
    sheet.merge_cells("A1:E1")
    sheet["A1"] = "2024 年台账"
    sheet["A1"].font = Font(bold=True, size=16)
    sheet.append(["代码", "村名", "人口", "改厕率", "合计", "备注"])
    for i in range(20):
        sheet.append([f"9901010{i:05d}", f"村{i}", 100 + i, 0.5 + i / 100, f"=C{i + 3}*2", None])
        sheet.cell(i + 3, 4).number_format = "0.0%"
    sheet["D5"].font = Font(italic=True, color="FF0000FF")
    sheet["D5"].alignment = Alignment(wrap_text=True, horizontal="right")
    sheet["D5"].border = Border(bottom=Side("double"))
    sheet["D5"].protection = Protection(locked=False)
    sheet["C7"].fill = PatternFill("solid", fgColor="FF00FF00")
    sheet["B4"].comment = Comment("原有批注", "张三")
    sheet["C9"].comment = Comment("别处的批注", "李四")
    check = DataValidation(type="whole", operator="between", formula1="0", formula2="9999")
    sheet.add_data_validation(check)
    check.add("C3:C22")
    sheet.conditional_formatting.add(
        "C3:C22", CellIsRule(operator="greaterThan", formula=["110"], font=Font(bold=True)))
    sheet.column_dimensions["B"].width = 33
    sheet.row_dimensions[5].height = 31
    sheet.freeze_panes = "C3"
    sheet.auto_filter.ref = "A2:F22"
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=3, min_row=2, max_row=22), titles_from_data=True)
    sheet.add_chart(chart, "H3")
    other = book.create_sheet("说明")
    other["A1"] = "说明"
    book.create_sheet("不动")["A1"] = "此表没有标注"
    book.save(path)


PARTS = {
    "[Content_Types].xml": """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/worksheets/sheet2.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>""",
    "_rels/.rels": """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>""",
    "xl/workbook.xml": """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><fileVersion appName="xl" lastEdited="3" lowestEdited="5" rupBuild="9302"/><workbookPr/><bookViews><workbookView windowWidth="28800" windowHeight="12375"/></bookViews><sheets><sheet name="台账" sheetId="1" r:id="rId1"/><sheet name="说明" sheetId="2" r:id="rId2"/></sheets><calcPr calcId="144525"/></workbook>""",
    "xl/_rels/workbook.xml.rels": """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId4" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet2.xml"/><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>""",
    "xl/sharedStrings.xml": """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="3" uniqueCount="3"><si><t>2024 年台账</t></si><si><r><rPr><sz val="11"/><rFont val="宋体"/><charset val="134"/></rPr><t>东</t></r><r><t>村</t></r></si><si><t>说明</t></si></sst>""",
    "xl/styles.xml": """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="1"><numFmt numFmtId="176" formatCode="0.0%"/></numFmts><fonts count="2"><font><sz val="11"/><name val="宋体"/><charset val="134"/></font><font><b/><sz val="11"/><color rgb="FF0000FF"/><name val="宋体"/><charset val="134"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"><alignment vertical="center"/></xf></cellStyleXfs><cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"><alignment vertical="center"/></xf><xf numFmtId="176" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"><alignment horizontal="center" vertical="center"/></xf><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"><alignment vertical="center"/></xf></cellXfs><cellStyles count="1"><cellStyle name="常规" xfId="0" builtinId="0"/></cellStyles><extLst><ext uri="{EB79DEF2-80B8-43e5-95BD-54CBDDF9020C}" xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"><x14:slicerStyles defaultSlicerStyle="SlicerStyleLight1"/></ext></extLst></styleSheet>""",
    "xl/worksheets/sheet1.xml": """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:etc="http://www.wps.cn/officeDocument/2017/etCustomData"><sheetPr/><dimension ref="A1:E5"/><sheetViews><sheetView tabSelected="1" workbookViewId="0"><selection activeCell="A1" sqref="A1"/></sheetView></sheetViews><sheetFormatPr defaultColWidth="9" defaultRowHeight="13.5" outlineLevelRow="4"/><cols><col min="1" max="1" width="15" style="2" customWidth="1"/><col min="8" max="8" width="20" style="1" customWidth="1"/></cols><sheetData><row r="1" ht="30" customHeight="1" spans="1:5"><c r="A1" t="s"><v>0</v></c></row><row r="3" s="1" customFormat="1" spans="1:5"><c r="A3" s="2" t="inlineStr"><is><t>990101000001</t></is></c></row><row r="4" spans="1:5"><c r="A4" s="2"/><c r="B4" t="s"><v>1</v></c></row><row r="5" spans="1:5"><c r="A5" s="2"/><c r="D5" s="1"><v>1.25</v></c><c r="E5"><f>D5*2</f><v>2.5</v></c></row></sheetData><mergeCells count="1"><mergeCell ref="A1:E1"/></mergeCells><pageMargins left="0.75" right="0.75" top="1" bottom="1" header="0.5" footer="0.5"/><headerFooter/></worksheet>""",
    "xl/worksheets/sheet2.xml": """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData/></worksheet>""",
}


def make_wps_like(path):
    """As WPS writes: rich shared strings, inline strings, styles of rows and columns, gaps."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in PARTS.items():
            archive.writestr(name, text)


def make_strict_like(path):
    """The same in the strict form, with prefixes: as few programs write, and all may."""
    swaps = [("http://schemas.openxmlformats.org/spreadsheetml/2006/main",
              "http://purl.oclc.org/ooxml/spreadsheetml/main"),
             ("http://schemas.openxmlformats.org/officeDocument/2006/relationships",
              "http://purl.oclc.org/ooxml/officeDocument/relationships")]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, text in PARTS.items():
            for old, new in swaps:
                text = text.replace(old, new)
            archive.writestr(name, text)


def cells_of(path):
    book = openpyxl.load_workbook(path)
    return {(str(i), cell.coordinate): cell for i, sheet in enumerate(book)
            for row in sheet.iter_rows() for cell in row}


def frame_of(path):
    """What stands around the cells."""
    return [(sheet.title, sheet.sheet_state, sorted(map(str, sheet.merged_cells.ranges)),
             {k: (d.width, d.hidden) for k, d in sheet.column_dimensions.items()},
             {k: d.height for k, d in sheet.row_dimensions.items() if d.height},
             [(str(v.sqref), v.type, v.formula1, v.formula2)
              for v in sheet.data_validations.dataValidation],
             len(sheet._charts), sheet.freeze_panes, sheet.auto_filter.ref,
             sorted(str(r.sqref) for r in sheet.conditional_formatting),
             sheet.protection.sheet)
            for sheet in openpyxl.load_workbook(path)]


def parts_of(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def mark(before, after, marks):
    done = subprocess.run([MARK_TOOL, before, after, *marks], capture_output=True, text=True)
    if done.returncode != 0:
        raise AssertionError(f"{before.name}: {done.stderr}")


def convert(directory, paths):
    """Through LibreOffice and back to xlsx; it is slow to start, so all files go at once."""
    subprocess.run([OFFICE, f"-env:UserInstallation=file://{directory}/profile", "--headless",
                    "--convert-to", "xlsx", "--outdir", directory / "office", *paths],
                   check=True, capture_output=True)


def setUpModule():
    global SCRATCH, DIR
    SCRATCH = tempfile.TemporaryDirectory()
    DIR = pathlib.Path(SCRATCH.name)
    make_ledger(DIR / "openpyxl.xlsx")
    make_wps_like(DIR / "wps.xlsx")
    make_strict_like(DIR / "strict.xlsx")
    makers = ["openpyxl", "wps", "strict"]
    if OFFICE:
        shutil.copy(DIR / "openpyxl.xlsx", DIR / "libreoffice.xlsx")
        convert(DIR, [DIR / "libreoffice.xlsx"])
        shutil.move(DIR / "office" / "libreoffice.xlsx", DIR / "libreoffice.xlsx")
        makers.append("libreoffice")
    for maker in makers:
        mark(DIR / f"{maker}.xlsx", DIR / f"{maker}_marked.xlsx", MARKS)
    subprocess.run([SAMPLE_TOOL, "form", DIR / "form.xlsx"], check=True)
    mark(DIR / "form.xlsx", DIR / "form_marked.xlsx", FORM_MARKS)
    if OFFICE:
        convert(DIR, sorted(DIR.glob("*_marked.xlsx")))


def tearDownModule():
    SCRATCH.cleanup()


class Marks(unittest.TestCase):
    def check_cells(self, maker, places):
        before, after = cells_of(DIR / f"{maker}.xlsx"), cells_of(DIR / f"{maker}_marked.xlsx")
        for place, cell in after.items():
            old = before.get(place)
            was_there = old is not None and (old.value is not None or old.has_style)
            if was_there:
                self.assertEqual(cell.value, old.value, place)
                for name in STYLE:
                    self.assertEqual(repr(getattr(cell, name)), repr(getattr(old, name)),
                                     (place, name))
            if place in places:
                self.assertEqual(cell.fill.fgColor.rgb, places[place], place)
                self.assertIn("[", cell.comment.text)
            elif was_there:
                self.assertEqual(repr(cell.fill), repr(old.fill), place)
                self.assertEqual(cell.comment and cell.comment.text,
                                 old.comment and old.comment.text, place)
        self.assertLessEqual(set(before), set(after))
        self.assertLessEqual(set(places), set(after))

    def check_parts(self, maker):
        touched = ["sheet1.xml", "sheet2.xml", "styles.xml", "omment", "legacy", "vmlDrawing",
                   "Content_Types"]
        before, after = parts_of(DIR / f"{maker}.xlsx"), parts_of(DIR / f"{maker}_marked.xlsx")
        for name, content in before.items():
            if not any(word in name for word in touched):
                self.assertEqual(after[name], content, name)

    def check_all(self, maker):
        self.check_cells(maker, PLACES)
        self.assertEqual(frame_of(DIR / f"{maker}.xlsx"), frame_of(DIR / f"{maker}_marked.xlsx"))
        self.check_parts(maker)
        self.check_office(maker, PLACES)

    def check_office(self, maker, places):
        if OFFICE:
            again = cells_of(DIR / "office" / f"{maker}_marked.xlsx")
            for place in places:
                self.assertTrue(again[place].comment, place)

    def test_openpyxl(self):
        self.check_all("openpyxl")
        after = cells_of(DIR / "openpyxl_marked.xlsx")
        self.assertTrue(after["0", "B4"].comment.text.startswith("原有批注\n[错误] 村名不在名录"))
        self.assertEqual(after["0", "B4"].comment.author, "张三")
        self.assertEqual(after["0", "D5"].comment.text, "[错误] 改厕率超过 100%\n[提醒] 比上年差得多")

    def test_wps_like(self):
        self.check_all("wps")
        after = cells_of(DIR / "wps_marked.xlsx")
        self.assertEqual(after["0", "H40"].number_format, "0.0%")  # its column's
        self.assertEqual(after["0", "F3"].number_format, "0.0%")  # its row's

    def test_strict_like(self):
        after = parts_of(DIR / "strict_marked.xlsx")
        self.assertIn(b"http://purl.oclc.org/ooxml/officeDocument/relationships/comments",
                      after["xl/worksheets/_rels/sheet1.xml.rels"])
        self.check_office("strict", PLACES)

    @unittest.skipUnless(OFFICE, "WANCUN_OFFICE=1 and soffice are needed")
    def test_libreoffice(self):
        self.check_all("libreoffice")

    def test_our_own_form(self):
        places = {("0", "D5"): ERROR, ("0", "G4"): WARNING, ("1", "A2"): WARNING}
        self.check_cells("form", places)
        self.assertEqual(frame_of(DIR / "form.xlsx"), frame_of(DIR / "form_marked.xlsx"))
        self.check_office("form", places)
        self.assertFalse(cells_of(DIR / "form_marked.xlsx")["0", "D5"].protection.locked)

    def test_marked_twice(self):
        mark(DIR / "openpyxl_marked.xlsx", DIR / "twice.xlsx", ["0:D5:w:还是不对", "0:E9:e:新的"])
        after = cells_of(DIR / "twice.xlsx")
        self.assertTrue(after["0", "D5"].comment.text.endswith("\n[提醒] 还是不对"))
        self.assertEqual(after["0", "E9"].fill.fgColor.rgb, ERROR)

    def test_tables_open(self):
        subprocess.run([SAMPLE_TOOL, "table", DIR / "table.xlsx"], check=True)
        book = openpyxl.load_workbook(DIR / "table.xlsx")
        self.assertEqual(book.sheetnames, ["汇总", "村庄", "各县", "各县稳健村占比"])
        sheet = book["村庄"]
        self.assertEqual(sheet["A7"].value, "990101100001")
        self.assertEqual(sheet.freeze_panes, "E6")
        self.assertEqual(sheet.print_title_rows, "$4:$5")
        self.assertEqual(len(book["汇总"]._charts), 1)
        self.assertEqual(book.properties.creator, "示范省专班")
        self.assertFalse(any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row))


if not OFFICE:
    print("mark_test: what LibreOffice must prove is skipped; WANCUN_OFFICE=1 runs it where it is installed")
unittest.main(argv=sys.argv[:1], verbosity=2)
