"""No level, kind, tier, indicator, fund or measure of any programme is named in C: another country
needs another definition, not another program. Reads every definition in programmes/ and every
string literal of src/."""
import pathlib
import re
import sys

ROOT = pathlib.Path(sys.argv[1])
SECTIONS = {"levels", "kinds", "tiers", "dimensions", "indicators", "sources", "funds", "recipes", "measures"}
# Where such a word is none of a programme's.
ELSEWHERE = {
    "src/office/meeting/": "reads newspapers: 乡镇, 县 are words of the language there",
    "src/act/commands.c": "the examples of the help speak of the example province",
    "src/cli/commands.c": "the same: the demonstration has the size of one",
    "src/office/account/password.c": "lists words that people choose as passwords",
    "src/demo/": "invents a province for the example programme",
    "src/cli/cmd_demo.c": "the same",
}
# Words of the definition's grammar, of lineage, of tables and of rights, which a programme uses as ids too.
COMMON = {"household", "farmland", "industry", "upgrade", "residents", "office", "system"}
LITERAL = re.compile(r'/\*.*?\*/|"((?:[^"\\]|\\.)*)"', re.S)


def named():
    """Ids and names, each with where it is said."""
    ids, names = {}, {}
    for path in sorted((ROOT / "programmes").glob("*/*.yaml")):
        section = None
        for line in path.read_text().splitlines():
            top = re.match(r"(\w+):", line)
            section = top[1] if top else section
            if section not in SECTIONS:
                continue
            found = re.match(r"  '?([\w./-]+)'?:", line)
            if found:
                ids[found[1]] = path.parent.name
            for zh, plain in re.findall(r"\bname: (?:\{zh: '?([^,'}]+)|([^,{}]+))", line):
                names[(zh or plain).strip()] = path.parent.name
    return ids, names


def is_han(text):
    return any("\u4e00" <= c <= "\u9fff" for c in text)


def faults():
    ids, names = named()
    han = [name for name in names if is_han(name) and len(name) > 1]
    for path in sorted((ROOT / "src").rglob("*.[ch]")):
        place = path.relative_to(ROOT).as_posix()
        if "_test.c" in place or "/test_" in place or place.startswith(tuple(ELSEWHERE)):
            continue
        text = path.read_text()
        for match in LITERAL.finditer(text):
            literal = match[1]
            if not literal:
                continue
            line = text.count("\n", 0, match.start()) + 1
            for name in han:
                if name in literal:
                    yield f"{place}:{line}: “{literal}” says “{name}” of {names[name]}"
            is_word = len(literal) > 1 and literal not in COMMON
            if is_word and (literal in ids or literal in names):
                yield f"{place}:{line}: “{literal}” is named by {ids.get(literal, names.get(literal))}"


ids, names = named()
assert len(ids) > 200 and len(names) > 200, "the definitions were not understood"
found = list(faults())
print("\n".join(found))
sys.exit(1 if found else 0)
