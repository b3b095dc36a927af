"""A tiny invented office (tests/data/tiny) and the program run on it, for tests that make it fail."""
import csv
import json
import pathlib
import sqlite3
import subprocess
import tempfile

VILLAGE = "990101208203"
NOT_COUNTED = {"schema_log", "sqlite_stat1"}


class Office:
    """The program, the data it is fed, and one data directory."""

    def __init__(self, wancun, source, directory):
        self.wancun = str(pathlib.Path(wancun).resolve())
        self.source = pathlib.Path(source).resolve()
        self.data = self.source / "tests" / "data" / "tiny"
        self.directory = pathlib.Path(directory)

    def at(self, directory):
        return Office(self.wancun, self.source, directory)

    def command(self, *words):
        if words[0] == "init":
            return [self.wancun, "--lang", "en", "init", str(self.directory), *words[1:]]
        return [self.wancun, "--lang", "en", "-d", str(self.directory), *words]

    def run(self, *words, **how):
        return subprocess.run(self.command(*words), capture_output=True, text=True, check=False,
                              **how)

    def answer(self, *words):
        done = self.run("--json", *words)
        if done.returncode != 0:
            raise AssertionError(f"{words}: {done.stderr}")
        return json.loads(done.stdout)

    def init_words(self):
        return "init", "--programme", str(self.source / "programmes" / "example-province")

    def newest_run(self, kind):
        return next(r["run"] for r in self.rows("runs", "list") if r["kind"] == kind)

    def batches(self, kind):
        """Ids of what stands, newest first."""
        return [b["batch"] for b in self.rows("import", "list")
                if b["kind"] == kind and b["state"] == "committed"]

    def rows(self, *words):
        return self.answer(*words)["rows"]

    def decided_lineage(self, out):
        """What waits for a person, all confirmed."""
        self.run("lineage", "propose", "-o", str(out))
        with open(out, encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        for row in rows:
            row["decision"], row["basis"] = "confirm", "minutes 3"
        with open(out, "w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0].keys())
            writer.writeheader()
            writer.writerows(rows)

    def dump(self):
        """Every row of every table; None where there is no office."""
        path = self.directory / "wancun.db"
        if not path.exists():
            return None
        lite = sqlite3.connect(path)
        try:
            if lite.execute("PRAGMA user_version").fetchone()[0] != 0:
                return None
            names = [name for name, in lite.execute(
                "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")]
            return {name: sorted(lite.execute(f"SELECT * FROM {name}"), key=repr)
                    for name in names if name not in NOT_COUNTED} or None
        finally:
            lite.close()


def make_room(prefix):
    """A directory in memory where there is one: what is tried here is order, not the disk."""
    memory = pathlib.Path("/dev/shm")
    return pathlib.Path(tempfile.mkdtemp(prefix=prefix, dir=memory if memory.is_dir() else None))


def counts(dump):
    return None if dump is None else {name: len(rows) for name, rows in dump.items()}
