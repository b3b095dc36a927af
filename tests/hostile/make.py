#!/usr/bin/env python3
"""make.py FOLDER: hostile workbooks, text files and xz files, each named REASON--what.EXT.

REASON is the message the reader must answer with (sheet.REASON), or ok where it must cope."""
import lzma
import pathlib
import random
import struct
import sys
import zlib

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
MIB = 1 << 20


class Entry:
    """One file of an archive, with whatever its headers are made to claim."""

    def __init__(self, name, data, **claims):
        self.name, self.data = name.encode(), data if isinstance(data, bytes) else data.encode()
        self.claims = claims

    def packed(self):
        if "packed" in self.claims:
            return self.claims["packed"]
        squeeze = zlib.compressobj(self.claims.get("level", 6), zlib.DEFLATED, -15)
        return squeeze.compress(self.data) + squeeze.flush()


def archive(entries, count=None, tail=b"", zip64=None):
    out, directory, places = b"", b"", {}
    for entry in entries:
        packed, claims = entry.packed(), entry.claims
        method, flags = claims.get("method", 8), claims.get("flags", 0)
        crc = claims.get("crc", zlib.crc32(entry.data))
        size, packed_size = claims.get("size", len(entry.data)), claims.get("packed_size", len(packed))
        extra = claims.get("extra", b"")
        place = places.get(claims.get("same_as"), len(out))
        places[entry.name] = place
        fields = struct.pack("<HHHHHIIIHH", 20, flags, method, 0, 0x5821, crc, packed_size, size,
                             len(entry.name), len(extra))
        if "same_as" not in claims:
            out += b"PK\3\4" + fields + entry.name + extra + packed
        directory += (b"PK\1\2" + b"\x14\0" + fields + struct.pack("<HHHII", 0, 0, 0, 0, place)
                      + entry.name + extra)
    count = len(entries) if count is None else count
    end = b""
    if zip64 is not None:
        end = struct.pack("<4sQHHIIQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, zip64, zip64,
                          len(directory), len(out))
        end += struct.pack("<4sIQI", b"PK\6\7", 0, len(out) + len(directory), 1)
        count = 0xFFFF
    return out + directory + end + struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, count, count,
                                               len(directory), len(out), len(tail)) + tail


def rels(*entries):
    return f"<Relationships {PACKAGE}>" + "".join(
        f'<Relationship Id="{name}" Type="{REL}/{kind}" Target="{target}"/>'
        for name, kind, target in entries) + "</Relationships>"


def sheet(rows, after=""):
    return f"<worksheet {MAIN}><sheetData>{rows}</sheetData>{after}</worksheet>"


def types(kind=SHEET_TYPE):
    return ('<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override '
            f'PartName="/xl/workbook.xml" ContentType="{kind}"/></Types>')


ROW = '<row r="1"><c r="A1"><v>1</v></c></row>'
WORKBOOK = (f'<workbook {MAIN} xmlns:r="{REL}"><sheets><sheet name="台账" sheetId="1" r:id="rId1"/>'
            "</sheets></workbook>")
BOOK_RELS = (("rId1", "worksheet", "worksheets/sheet1.xml"), ("rId2", "styles", "styles.xml"),
             ("rId3", "sharedStrings", "sharedStrings.xml"))


def parts(**changes):
    """The parts of a sound workbook, with some changed, added, or (None) left out."""
    named = {
        "types": ("[Content_Types].xml", types()),
        "root": ("_rels/.rels", rels(("rId1", "officeDocument", "xl/workbook.xml"))),
        "workbook": ("xl/workbook.xml", WORKBOOK),
        "rels": ("xl/_rels/workbook.xml.rels", rels(*BOOK_RELS)),
        "styles": ("xl/styles.xml", f"<styleSheet {MAIN}/>"),
        "strings": ("xl/sharedStrings.xml", f"<sst {MAIN}><si><t>村</t></si></sst>"),
        "sheet": ("xl/worksheets/sheet1.xml", sheet(ROW)),
    }
    entries = []
    for key, (name, data) in named.items():
        change = changes.get(key, data)
        if isinstance(change, tuple):
            entries.append(Entry(name, change[0], **change[1]))
        elif change is not None:
            entries.append(Entry(name, change))
    return entries


def book(**changes):
    return archive(parts(**changes))


def rows_of(text):
    return book(sheet=sheet(text))


def cell(attributes, inside="<v>1</v>"):
    return rows_of(f'<row r="1"><c {attributes}>{inside}</c></row>')


def archives():
    """What is wrong with the file or the archive."""
    sound = book()
    yield "ok--sound.xlsx", sound
    yield "not_workbook--empty.xlsx", b""
    yield "not_workbook--text.xlsx", "村名,人口\n".encode()
    yield "not_workbook--html.xlsx", b"<html><table><tr><td>1</td></tr></table></html>"
    yield "not_workbook--pdf.xlsx", b"%PDF-1.7\n" + bytes(5000)
    yield "not_workbook--no-types.xlsx", book(types=None)
    yield "not_workbook--no-sheet-type.xlsx", book(types=types("application/msword"))
    yield "not_workbook--no-document.xlsx", book(root=rels(("rId1", "thumbnail", "a.png")))
    yield "old_format--xls.xlsx", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + bytes(2048)
    yield "password--encrypted.xlsx", (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + bytes(1024)
                                       + "EncryptedPackage".encode("utf-16-le") + bytes(512))
    yield "password--zip-flag.xlsx", book(sheet=(sheet(ROW), {"flags": 1}))
    yield "password--zip-aes.xlsx", book(sheet=(sheet(ROW), {
        "flags": 1, "method": 99, "extra": struct.pack("<HHHHBH", 0x9901, 7, 2, 0x4541, 3, 8)}))
    yield "other_format--ods.xlsx", archive([Entry("mimetype", "application/x", method=0,
                                                   packed=b"application/x")])
    yield "other_format--xlsb.xlsx", book(
        types=types("application/vnd.ms-excel.sheet.binary.macroEnabled.main").replace(
            "macroEnabled", ""))
    yield "macros--type.xlsx", book(types=types(
        "application/vnd.ms-excel.sheet.macroEnabled.main+xml"))
    yield "macros--vba.xlsx", archive(parts() + [Entry("xl/VbaProject.bin", "x")])
    yield "external_link--other-file.xlsx", book(rels=rels(
        *BOOK_RELS, ("rId9", "externalLink", "externalLinks/externalLink1.xml")))
    for cut in (1, 21, 22, 100, len(sound) // 2, len(sound) - 4):
        yield f"file_damaged--cut-{cut}.xlsx", sound[:-cut]
    yield "file_damaged--count-lies.xlsx", archive(parts(), count=65000)
    yield "file_damaged--count-short.xlsx", archive(parts(), count=1)
    yield "file_damaged--directory-gone.xlsx", sound[:sound.index(b"PK\1\2")] + sound[-22:]
    yield "file_damaged--zip64-count.xlsx", archive(parts(), zip64=1 << 40)
    yield "ok--zip64.xlsx", archive(parts(), zip64=7)
    yield "ok--comment.xlsx", archive(parts(), tail=b"hello")
    huge = struct.pack("<HHQQ", 1, 16, 1 << 62, 1 << 62)
    yield "parts_overlap--zip64-sizes.xlsx", book(sheet=(sheet(ROW), {
        "size": 0xFFFFFFFF, "packed_size": 0xFFFFFFFF, "extra": huge}))
    yield "parts_overlap--packed-size-lies.xlsx", book(sheet=(sheet(ROW), {
        "packed_size": 50 * MIB}))
    big = Entry("xl/media/a", bytes(MIB // 2), level=1)
    yield "parts_overlap--one-for-many.xlsx", archive(
        [Entry("pad", random.Random(1).randbytes(50000))] + parts() + [big] +
        [Entry(f"xl/media/{i}", big.data, level=1, same_as=b"pad", packed_size=50000)
         for i in range(300)])
    yield "part_twice--same.xlsx", archive(parts() + [Entry("xl/workbook.xml", WORKBOOK)])
    yield "part_twice--case.xlsx", archive(parts() + [Entry("XL/Worksheets/SHEET1.xml", "x")])
    yield "too_many_parts--2001.xlsx", archive(parts() + [Entry(f"x/{i}", "") for i in range(2001)])
    yield "too_many_parts--half-a-million.xlsx", (
        b"PK\3\4" + b"PK\1\2" * 300000 + struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF,
                                                    1200000, 4, 0))
    yield "part_damaged--long-name.xlsx", archive(parts() + [Entry("n" * 600, "")])
    yield "part_damaged--crc.xlsx", book(sheet=(sheet(ROW), {"crc": 1}))
    yield "part_damaged--stream.xlsx", book(sheet=(sheet(ROW), {"packed": b"\xff" * 40}))
    yield "part_damaged--method.xlsx", book(sheet=(sheet(ROW), {"method": 12}))
    yield "part_damaged--says-more.xlsx", book(sheet=(sheet(ROW), {"size": 5000}))
    yield "part_damaged--says-less.xlsx", book(sheet=(sheet(ROW * 1000), {"size": 50}))
    bomb = sheet(" " * (40 * MIB))
    yield "part_damaged--bomb-in-disguise.xlsx", book(sheet=(bomb, {"size": 5000, "level": 1}))
    yield "ratio_too_high--bomb.xlsx", book(sheet=(bomb, {"level": 1}))
    yield "unpacked_too_big--claim.xlsx", book(sheet=(sheet(ROW), {"size": 201 * MIB}))
    yield "file_too_big--21-mib.xlsx", sound[:4] + bytes(21 * MIB)
    yield "part_missing--sheet.xlsx", book(sheet=None)
    yield "part_missing--workbook.xlsx", book(workbook=None)
    yield "part_missing--root-rels.xlsx", book(root=None)
    yield "part_missing--book-rels.xlsx", book(rels=None)


LAUGHS = ('<!DOCTYPE l [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {chr(98 + i)} "{("&" + chr(97 + i) + ";") * 10}">' for i in range(10)) + "]>")


def documents():
    """What is wrong with the XML."""
    yield "doctype--laughs-sheet.xlsx", book(sheet=LAUGHS + sheet("<row><c><v>&k;</v></c></row>"))
    yield "doctype--laughs-strings.xlsx", book(strings=LAUGHS + f"<sst {MAIN}><si><t>&k;</t></si></sst>")
    yield "doctype--file-in-sheet.xlsx", book(
        sheet='<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>' + sheet(
            '<row><c t="str"><v>&f;</v></c></row>'))
    yield "doctype--parameter.xlsx", book(
        styles='<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1/x"> %p;]>' + f"<styleSheet {MAIN}/>")
    yield "doctype--plain-workbook.xlsx", book(workbook="<!DOCTYPE workbook>" + WORKBOOK)
    yield "doctype--types.xlsx", book(types="<!DOCTYPE Types>" + types())
    yield "doctype--rels.xlsx", book(rels="<!DOCTYPE R SYSTEM 'x'>" + rels(*BOOK_RELS))
    for name, text in {
            "unclosed": f"<worksheet {MAIN}><sheetData><row>", "empty": "", "blank": "  \n",
            "two-roots": sheet(ROW) + sheet(ROW), "crossed": f"<worksheet {MAIN}><a><b></a></b>",
            "entity": sheet('<row r="1"><c r="A1" t="str"><v>&who;</v></c></row>'),
            "control": sheet('<row r="1"><c r="A1" t="str"><v>a\x01b</v></c></row>'),
            "nul": sheet('<row r="1"><c r="A1" t="str"><v>a\0b</v></c></row>'),
            "attribute-twice": sheet('<row r="1"><c r="A1" r="B1"><v>1</v></c></row>'),
            "code-point": sheet('<row r="1"><c r="A1" t="str"><v>&#xD800;</v></c></row>'),
            "code-control": sheet('<row r="1"><c r="A1" t="str"><v>&#1;</v></c></row>'),
            "after-end": sheet(ROW) + "x", "prefix": "<x:worksheet/>",
            "encoding": '<?xml version="1.0" encoding="GBK"?>' + sheet(ROW),
            "row-twice-open": sheet('<row r="1"><c r="A1"><v>1</v></c>'),
    }.items():
        yield f"part_broken--{name}.xlsx", book(sheet=text)
    bad = sheet('<row r="1"><c r="A1" t="str"><v>?</v></c></row>').encode()
    for name, at in {"utf8": b"\xE4\xB8", "overlong": b"\xC0\xAF", "surrogate": b"\xED\xA0\x80",
                     "ffff": b"\xEF\xBF\xBF"}.items():
        yield f"part_broken--{name}.xlsx", book(sheet=bad.replace(b"?", at))
    yield "part_broken--half-utf16.xlsx", book(sheet=sheet(ROW).encode("utf-16")[:-3])
    yield "xml_too_deep--sheet.xlsx", book(sheet=f"<worksheet {MAIN}>" + "<a>" * 100000)
    yield "xml_too_deep--strings.xlsx", book(strings=f"<sst {MAIN}><si>" + "<r>" * 65)
    noise = random.Random(5).randbytes(700000).hex()
    yield "xml_token_too_big--attribute.xlsx", book(
        sheet=sheet(f'<row r="1" x="{noise}"/>'))
    yield "xml_token_too_big--comment.xlsx", book(sheet=sheet(f"<!--{noise}-->"))
    yield "xml_token_too_big--instruction.xlsx", book(strings=f"<?x {noise}?><sst {MAIN}/>")
    yield "ok--many-attributes.xlsx", book(sheet=sheet(
        "<row " + " ".join(f'a{i}="{i}"' for i in range(50000)) + "/>"))
    yield "part_broken--style-id.xlsx", book(
        styles=f'<styleSheet {MAIN}><cellXfs><xf numFmtId="70000"/></cellXfs></styleSheet>')
    yield "part_broken--style-count.xlsx", book(
        styles=f"<styleSheet {MAIN}><cellXfs>{'<xf/>' * 70000}</cellXfs></styleSheet>")
    yield "too_many_parts--relations.xlsx", book(rels=rels(
        *BOOK_RELS, *((f"x{i}", "theme", f"t{i}") for i in range(3000))))


def letters(column):
    return ("" if column < 26 else letters(column // 26 - 1)) + chr(65 + column % 26)


def sheets():
    """What is wrong with the sheet."""
    many = "".join(f'<sheet name="s{i}" sheetId="{i}" r:id="rId1"/>' for i in range(201))
    yield "too_many_sheets--201.xlsx", book(
        workbook=f'<workbook {MAIN} xmlns:r="{REL}"><sheets>{many}</sheets></workbook>')
    yield "sheet_lost--dangling.xlsx", book(workbook=WORKBOOK.replace("rId1", "rId77"))
    yield "sheet_lost--no-id.xlsx", book(workbook=WORKBOOK.replace('r:id="rId1"', ""))
    for name, place in {"zero": "0", "negative": "-1", "text": "x", "blank": "", "decimal": "1.0",
                        "enormous": "99999999999999999999"}.items():
        yield f"part_broken--row-{name}.xlsx", rows_of(f'<row r="{place}"/>')
    yield "row_order--beyond.xlsx", rows_of('<row r="1048577"/>')
    yield "row_order--twice.xlsx", rows_of(ROW + ROW)
    yield "row_order--backwards.xlsx", rows_of('<row r="5"/>' + ROW)
    for name, place in {"row-zero": "A0", "column": "XFE1", "no-letters": "1", "no-digits": "A",
                        "lower-case": "a1", "other-row": "A2", "far": "ZZZZZZZZZZZZZZZ1",
                        "far-down": "A99999999999999999999", "blank": ""}.items():
        yield f"cell_broken--{name}.xlsx", cell(f'r="{place}"')
    yield "cell_broken--backwards.xlsx", rows_of(
        '<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>')
    yield "cell_broken--twice.xlsx", rows_of(
        '<row r="1"><c r="B1"><v>1</v></c><c r="B1"><v>1</v></c></row>')
    yield "cell_broken--type.xlsx", cell('r="A1" t="q"')
    yield "cell_broken--style.xlsx", cell('r="A1" s="-1"')
    for name, index in {"beyond": "1", "negative": "-1", "decimal": "0.5", "text": "x",
                        "enormous": "99999999999999999999"}.items():
        yield f"cell_broken--string-{name}.xlsx", cell('r="A1" t="s"', f"<v>{index}</v>")
    yield "too_many_rows--200001.xlsx", rows_of('<row r="200001"><c r="A200001"><v>1</v></c></row>')
    yield "too_many_columns--501.xlsx", cell('r="SG1"')
    yield "cell_too_long--inline.xlsx", cell('r="A1" t="str"', f"<v>{'x' * 32768}</v>")
    yield "cell_too_long--chinese.xlsx", cell('r="A1" t="str"', f"<v>{'村' * 32768}</v>")
    yield "cell_too_long--very.xlsx", cell('r="A1" t="str"', f"<v>{random.Random(6).randbytes(600000).hex()}</v>")
    yield "string_too_long--shared.xlsx", book(
        strings=f"<sst {MAIN}><si><t>{'x' * 32768}</t></si></sst>")
    rng = random.Random(3)
    blocks = "".join(f"<si><t>{rng.randbytes(300).hex() + 'x' * 32000}</t></si>" for _ in range(2100))
    yield "strings_too_big--64-mib.xlsx", book(strings=(f"<sst {MAIN}>{blocks}</sst>", {"level": 1}))
    for name, place in {"blank": "", "one": "A1", "three": "A1:B2:C3", "backwards": "B2:A1",
                        "zero": "A0:B1", "columns": "A:B"}.items():
        yield f"part_broken--merge-{name}.xlsx", book(sheet=sheet(
            ROW, f'<mergeCells><mergeCell ref="{place}"/></mergeCells>'))
    merges = "".join(f'<mergeCell ref="A{i}:B{i}"/>' for i in range(1, 50002))
    yield "too_many_merges--50001.xlsx", book(sheet=sheet(ROW, f"<mergeCells>{merges}</mergeCells>"))
    yield "ok--dimension-lies.xlsx", book(sheet=sheet(ROW).replace(
        "<sheetData>", '<dimension ref="A1:XFD1048576"/><sheetData>'))
    yield "ok--string-count-lies.xlsx", book(
        strings=f'<sst {MAIN} count="4294967295" uniqueCount="4294967295"><si><t>村</t></si></sst>')
    yield "ok--empty-rows.xlsx", rows_of("".join(f'<row r="{i}"/>' for i in range(1, 500000)))
    wide = "".join(f'<row r="{r}">' + "".join(
        f'<c r="{letters(i)}{r}" s="1"/>' for i in range(16384)) + "</row>" for r in range(1, 12))
    yield "ok--empty-cells.xlsx", rows_of(wide)
    yield "ok--unplain-rows.xlsx", rows_of("".join(
        f'<row r="{i}"><c r="A{i}"><v><!-- -->{i}</v></c></row>' for i in range(1, 50000)))
    yield "ok--endless-row.xlsx", rows_of('<row r="1">' + " " * (3 * MIB // 4) + "<c><v>1</v></c></row>")


def texts():
    """Text files and xz files."""
    yield "csv_binary--nul.csv", b"a,b\n1,\0\n"
    yield "csv_binary--utf16.csv", "村名,人口\n".encode("utf-16")
    yield "csv_encoding--neither.csv", "村,甲\n".encode("gb18030") + b"\xFF\xFF\n"
    yield "csv_encoding--damaged-utf8.csv", "村名,人口\n甲,".encode() + b"\xE4\xB8\n"
    yield "csv_encoding--mark-then-gbk.csv", b"\xEF\xBB\xBF" + "村名,人口\n".encode("gb18030")
    yield "csv_encoding--cut-gb18030.csv", "村名,人口".encode("gb18030")[:-1]
    yield "csv_encoding--image.csv", b"\xFF\xD8\xFF\xE0\x10JFIF" + bytes(range(1, 256)) * 20
    yield "csv_quote_open--one.csv", b'a,b\n"1,2\n3,4\n'
    yield "csv_quote_open--big.csv", b'a,b\n"' + b"x,y\n" * (3 * MIB)
    yield "csv_quote_tail--word.csv", b'a,b\n"1"x,2\n'
    yield "too_many_columns--501.csv", b"," * 500 + b"x\n"
    yield "too_many_rows--200001.csv", b"1\n" * 200001
    yield "field_too_long--32768.csv", b"x" * 32768
    yield "field_too_long--quotes.csv", b'"' * (8 * MIB)
    yield "ok--commas.csv", b"," * (8 * MIB)
    yield "ok--lines.csv", b"\n\r" * (4 * MIB)
    yield "ok--empty.csv", b""
    packed = lzma.compress(b"a,b\n1,2\n")
    yield "xz_damaged--empty.xz", b""
    yield "xz_damaged--text.xz", b"a,b\n"
    yield "xz_damaged--cut.xz", packed[:-5]
    yield "xz_damaged--body.xz", packed[:20] + b"\xAA" * 8 + packed[28:]
    yield "xz_damaged--trailing.xz", packed + b"more"
    yield "xz_too_big--bomb.xz", lzma.compress(bytes(65 * MIB), preset=0)
    yield "ok--two-streams.xz", packed + packed


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for made in (archives, documents, sheets, texts):
        for name, data in made():
            (folder / name).write_bytes(data)


main()
