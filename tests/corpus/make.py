#!/usr/bin/env python3
"""make.py FOLDER: the small workbooks the reader is tried on, in the manner of several writers.

Excel, WPS, strict and prefixed ones are written here part by part; the others by openpyxl,
xlsxwriter and LibreOffice (python3-openpyxl, python3-xlsxwriter, libreoffice-calc)."""
import datetime
import pathlib
import subprocess
import sys
import tempfile
import zipfile

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_REL = "http://purl.oclc.org/ooxml/officeDocument/relationships"
PACKAGE_REL = "http://schemas.openxmlformats.org/package/2006/relationships"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
BOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


def types(path="/xl/workbook.xml", kind=BOOK_TYPE):
    return (HEAD + '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="{path}" ContentType="{kind}"/></Types>')


def rels(*entries, base=REL):
    return (HEAD + f'<Relationships xmlns="{PACKAGE_REL}">' + "".join(
        f'<Relationship Id="{name}" Type="{base}/{kind}" Target="{target}"/>'
        for name, kind, target in entries) + "</Relationships>")


def book(*sheets, properties="", main=MAIN, rel=REL):
    return (HEAD + f'<workbook xmlns="{main}" xmlns:r="{rel}">{properties}<sheets>' + "".join(
        f'<sheet name="{name}" sheetId="{i}" {state}r:id="rId{i}"/>'
        for i, (name, state) in enumerate(sheets, 1)) + "</sheets></workbook>")


def save(path, parts):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            info = zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, text)


STYLES = (HEAD + f'<styleSheet xmlns="{MAIN}"><numFmts count="6">'
          '<numFmt numFmtId="176" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@"/>'
          '<numFmt numFmtId="177" formatCode="0.0%"/>'
          '<numFmt numFmtId="178" formatCode="G/通用格式"/>'
          '<numFmt numFmtId="179" formatCode="[h]:mm"/>'
          '<numFmt numFmtId="180" formatCode="0&quot;%户&quot;"/>'
          '<numFmt numFmtId="181" formatCode="[Red]\\d0.00"/></numFmts>'
          '<cellStyleXfs count="1"><xf numFmtId="9"/></cellStyleXfs><cellXfs count="10">'
          + "".join(f'<xf numFmtId="{n}" fontId="0"/>'
                    for n in (0, 14, 22, 176, 177, 178, 179, 180, 181, 20))
          + "</cellXfs></styleSheet>")

EXCEL_ROWS = (
    '<row r="1" spans="1:8" x14ac:dyDescent="0.2"><c r="A1" s="5" t="s"><v>0</v></c></row>'
    '<row r="2" spans="1:8"><c r="A2" t="s"><v>1</v></c><c r="B2" t="s"><v>2</v></c>'
    '<c r="C2" s="0"/><c r="D2" t="s"><v>3</v></c></row>'
    '<row r="3" spans="1:8"><c r="B3" t="s"><v>4</v></c><c r="C3" t="s"><v>5</v></c></row>'
    '<row r="5" ht="20" customHeight="1"><c r="A5" t="s"><v>6</v></c><c r="B5"><v>1234</v></c>'
    '<c r="C5"><v>2.4500000000000002</v></c><c r="D5" s="4"><v>0.85299999999999998</v></c>'
    '<c r="E5" s="1"><v>45107</v></c><c r="F5" s="2"><v>44931.354166666664</v></c>'
    '<c r="G5" t="b"><v>1</v></c><c r="H5" t="e"><v>#DIV/0!</v></c></row>'
    '<row r="6"><c r="B6"><f>SUM(B5:B5)</f><v>1234</v></c><c r="C6"><f t="shared" ref="C6:D6" '
    'si="0">C5*2</f><v>4.9000000000000004</v></c><c r="D6"><f t="shared" si="0"/></c>'
    '<c r="E6" t="str"><f>"甲"&amp;"乙"</f><v>甲乙</v></c><c r="F6" t="str"><f>""</f><v></v></c>'
    '<c r="G6" s="3"><v>1</v></c><c r="H6" s="3"><v>59</v></c><c r="I6" s="3"><v>60</v></c>'
    '<c r="J6" s="3"><v>61</v></c><c r="K6" s="6"><v>1.5</v></c><c r="L6" s="7"><v>3</v></c>'
    '<c r="M6" s="8"><v>3</v></c><c r="N6" s="9"><v>0.35416666666666669</v></c></row>')

EXCEL_STRINGS = (
    HEAD + f'<sst xmlns="{MAIN}" count="9" uniqueCount="7"><si><t>示范县村庄台账</t></si>'
    '<si><t xml:space="preserve"> 村名 </t></si>'
    '<si><r><t>人</t></r><r><rPr><b/></rPr><t>口</t></r></si>'
    '<si><t>治理率（%）</t><rPh sb="0" eb="2"><t>zhili</t></rPh><phoneticPr fontId="1"/></si>'
    '<si><t>户籍&#10;人口</t></si><si><t>常住_x000a_人口_x005F_x</t></si>'
    '<si><t>甲&amp;乙&lt;村&gt;</t></si></sst>')


def excel(path):
    sheet = (HEAD + f'<worksheet xmlns="{MAIN}" xmlns:r="{REL}" xmlns:mc="http://schemas.'
             'openxmlformats.org/markup-compatibility/2006" mc:Ignorable="x14ac" '
             'xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac">'
             '<dimension ref="A1:N6"/><sheetViews><sheetView workbookViewId="0"/></sheetViews>'
             f'<cols><col min="1" max="1" width="9"/></cols><sheetData>{EXCEL_ROWS}</sheetData>'
             '<mergeCells count="3"><mergeCell ref="A1:H1"/><mergeCell ref="A2:A3"/>'
             '<mergeCell ref="B2:C2"/></mergeCells><pageMargins left="1" right="1" top="1" '
             'bottom="1" header="0" footer="0"/><extLst><ext uri="{X}" xmlns:x14="http://schemas.'
             'microsoft.com/office/spreadsheetml/2009/9/main"><x14:row r="9"><x14:c r="A9"/>'
             '</x14:row></ext></extLst></worksheet>')
    hidden = HEAD + (f'<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1" t="inlineStr">'
                     '<is><t>字典</t></is></c></row></sheetData></worksheet>')
    save(path, {
        "[Content_Types].xml": types(),
        "_rels/.rels": rels(("rId1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": book(("台账", ""), ("字典", 'state="veryHidden" '), ("图", "")),
        "xl/_rels/workbook.xml.rels": rels(
            ("rId3", "chartsheet", "chartsheets/sheet1.xml"),
            ("rId2", "worksheet", "worksheets/sheet2.xml"),
            ("rId1", "worksheet", "worksheets/sheet1.xml"), ("rId4", "styles", "styles.xml"),
            ("rId5", "sharedStrings", "sharedStrings.xml"), ("rId6", "theme", "theme/t.xml")),
        "xl/worksheets/sheet1.xml": sheet, "xl/worksheets/sheet2.xml": hidden,
        "xl/chartsheets/sheet1.xml": f'<chartsheet xmlns="{MAIN}"/>',
        "xl/styles.xml": STYLES, "xl/sharedStrings.xml": EXCEL_STRINGS})


def wps(path):
    sheet = (f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n<worksheet xmlns="{MAIN}" '
             f'xmlns:r="{REL}" xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/'
             'spreadsheetDrawing"><sheetPr/><dimension ref="A1:C3"/><sheetData><row r="1" '
             'spans="1:3"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
             '<row r="2" s="1" customFormat="1" spans="1:3"><c r="A2" s="5" t="s"><v>2</v></c>'
             '<c r="B2" s="5"><v>1.2</v></c><c r="C2" s="1"><v>45107</v></c></row>'
             '<row r="1048576"/></sheetData><pageMargins left="0.75" right="0.75" top="1" bottom="1" '
             'header="0.5" footer="0.5"/><headerFooter/></worksheet>')
    strings = (HEAD + f'<sst xmlns="{MAIN}" count="3" uniqueCount="3"><si><t>村名</t></si><si><r>'
               '<rPr><sz val="11"/></rPr><t>收入</t></r><r><rPr><charset val="134"/></rPr><t '
               'xml:space="preserve">（万元） </t></r></si><si><t>甲村</t></si></sst>')
    save(path, {
        "_rels/.rels": rels(("rId1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": book(("Sheet1", ""), properties='<workbookPr codeName="ThisWorkbook"/>'),
        "xl/_rels/workbook.xml.rels": rels(("rId1", "worksheet", "worksheets/sheet1.xml"),
                                           ("rId8", "sharedStrings", "sharedStrings.xml"),
                                           ("rId7", "styles", "styles.xml")),
        "xl/worksheets/sheet1.xml": sheet, "xl/styles.xml": STYLES,
        "xl/sharedStrings.xml": strings, "[Content_Types].xml": types()})


def strict(path):
    sheet = HEAD + (f'<worksheet xmlns="{STRICT}"><sheetData><row r="1"><c r="A1" t="d"><v>2023-01-05'
                    '</v></c><c r="B1" t="d"><v>2023-01-05T08:30:00</v></c><c r="C1"><v>5</v></c>'
                    '<c r="D1" t="d"><v>08:30:15</v></c><c r="E1" t="d"><v>last year</v></c></row>'
                    '</sheetData></worksheet>')
    save(path, {
        "[Content_Types].xml": types(),
        "_rels/.rels": rels(("rId1", "officeDocument", "xl/workbook.xml"), base=STRICT_REL),
        "xl/workbook.xml": book(("严格", ""), main=STRICT, rel=STRICT_REL),
        "xl/_rels/workbook.xml.rels": rels(("rId1", "worksheet", "worksheets/sheet1.xml"),
                                           base=STRICT_REL),
        "xl/worksheets/sheet1.xml": sheet})


def prefixed(path):
    sheet = HEAD + (f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="2"><x:c r="B2" '
                    't="inlineStr"><x:is><x:t>村</x:t></x:is></x:c><x:c r="C2"><x:v>7</x:v></x:c>'
                    '</x:row></x:sheetData><x:mergeCells><x:mergeCell ref="B2:C2"/></x:mergeCells>'
                    '</x:worksheet>')
    workbook = HEAD + (f'<x:workbook xmlns:x="{MAIN}" xmlns:rel="{REL}"><x:sheets><x:sheet name="前缀" '
                       'sheetId="1" rel:id="a"/></x:sheets></x:workbook>')
    save(path, {
        "[Content_Types].xml": types("/book/main.xml"),
        "_rels/.rels": rels(("r", "officeDocument", "/book/main.xml")),
        "book/main.xml": workbook,
        "book/_rels/main.xml.rels": rels(("a", "worksheet", "../Sheets/one.xml")),
        "sheets/ONE.xml": sheet})


def odd(path):
    """No addresses, no styles, 1904 dates, UTF-16, blanks and comments between elements."""
    sheet = ('<?xml version="1.0" encoding="UTF-16"?>\n'
             f'<worksheet xmlns="{MAIN}">\n <sheetData>\n  <row>\n   <c t="inlineStr"><is><t>村</t>'
             '</is></c>\n   <c><v>5</v></c>\n  </row>\n  <!-- rest --> <row/>\n  <row><c/><c/><c><v>7'
             '<!-- not two --></v></c></row>\n </sheetData>\n</worksheet>').encode("utf-16")
    dates = (f'<worksheet xmlns="{MAIN}"><sheetData>\n<row r="1"><c r="A1" s="1"><v>0</v></c><c r="B1" '
             's="1"><v>43645.5</v></c></row>\n<row r="2"><c r="A2"><v><![CDATA[12]]></v></c></row>\n'
             '<row r="3"><c r="A3" t="str"><v>a&#x4E2D;b</v></c></row></sheetData></worksheet>')
    save(path, {
        "[Content_Types].xml": types(),
        "_rels/.rels": rels(("rId1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": book(("一", ""), ("二", 'state="hidden" '),
                                properties='<workbookPr date1904="true"/>'),
        "xl/_rels/workbook.xml.rels": rels(("rId1", "worksheet", "worksheets/sheet1.xml"),
                                           ("rId2", "worksheet", "worksheets/sheet2.xml"),
                                           ("rId3", "styles", "styles.xml")),
        "xl/styles.xml": STYLES,
        "xl/worksheets/sheet1.xml": sheet, "xl/worksheets/sheet2.xml": dates})


def openpyxl_book(path, streamed):
    import openpyxl
    made = openpyxl.Workbook(write_only=streamed)
    sheet = made.create_sheet("台账") if streamed else made.active
    sheet.append(["村名", "户籍人口（人）", "日期", "治理率"])
    sheet.append(["甲 & 乙", 1234, datetime.datetime(2023, 6, 30), 0.853])
    sheet.append(["丙", 0.1 + 0.2, datetime.datetime(2023, 1, 5, 8, 30), "=1+1"])
    sheet.append([None, True, datetime.time(8, 30), -5])
    if not streamed:
        sheet.title = "台账"
        sheet["D2"].number_format = "0.0%"
        sheet.merge_cells("A5:B6")
        sheet["A5"] = "合计"
        made.create_sheet("空表").sheet_state = "hidden"
    made.save(path)


def xlsxwriter_book(path):
    import xlsxwriter
    made = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = made.add_worksheet("台账")
    percent = made.add_format({"num_format": "0.00%"})
    day = made.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(0, 0, ["村名", "比例", "日期", " 空白 "])
    sheet.write_string(1, 0, "甲<村>")
    sheet.write_number(1, 1, 0.5, percent)
    sheet.write_datetime(1, 2, datetime.datetime(2023, 6, 30), day)
    sheet.write_formula(1, 3, "=SUM(B2:B2)", None, 0.5)
    made.add_worksheet("隐藏").hide()
    made.close()


def libreoffice_book(path):
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder) / "source.xlsx"
        openpyxl_book(source, False)
        subprocess.run(["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless",
                        "--convert-to", "ods", "--outdir", folder, str(source)], check=True,
                       capture_output=True)
        out = pathlib.Path(folder) / "out"
        subprocess.run(["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless",
                        "--convert-to", "xlsx", "--outdir", str(out), folder + "/source.ods"],
                       check=True, capture_output=True)
        path.write_bytes((out / "source.xlsx").read_bytes())


def main():
    folder = pathlib.Path(sys.argv[1])
    excel(folder / "excel.xlsx")
    wps(folder / "wps.xlsx")
    strict(folder / "strict.xlsx")
    prefixed(folder / "prefixed.xlsx")
    odd(folder / "odd.xlsx")
    openpyxl_book(folder / "openpyxl.xlsx", False)
    openpyxl_book(folder / "openpyxl-streamed.xlsx", True)
    xlsxwriter_book(folder / "xlsxwriter.xlsx")
    libreoffice_book(folder / "libreoffice.xlsx")


main()
