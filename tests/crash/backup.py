#!/usr/bin/env python3
"""backup.py WANCUN SOURCE [--seed N]: a backup taken while people write, checked and restored.

The restored office has the same audit head and gives the same answers; what was answered before the
backup began is in it. A backup that was cut short or altered anywhere is refused, a restore that
fails leaves nothing, and neither does a backup that cannot be written."""
import argparse
import pathlib
import random
import shutil
import subprocess
import sys
import time

from rig import Lost, Office, Rig, Server, found, make_room, token_of

VILLAGE = "990101208200"
ANSWERS = (
    ("audit", "verify"),
    ("rollup", "--period", "2024"),
    ("explain", "tier", VILLAGE),
    ("values", "list", "--period", "2024"),
    ("import", "list"),
)


def need(holds, what, done=None):
    if not holds:
        raise Lost(what if done is None else f"{what}: exit {done.returncode}\n{done.stderr}")


class Backup:
    def __init__(self, given, room):
        self.room, self.chance, self.cases = room, random.Random(given.seed), 0
        self.office = Office(given.wancun, given.source, room / "office")
        self.restored = self.office.at(room / "restored")
        self.file, self.keys = room / "office.tar", room / "keys"
        for words in found(self.office):
            done = self.office.run(*words)
            need(done.returncode == 0, str(words), done)
        self.rig = Rig(self.office, token_of(done), room / "socket", time.monotonic)
        done = self.office.run("classify", "--period", "2024", "--draws", "100")
        need(done.returncode == 0, "classify", done)
        self.keys.mkdir()
        shutil.copy2(self.office.directory / "trace.key", self.keys)

    def restore(self, file=None, keys=None, target=None):
        shutil.rmtree(self.room / "restored", ignore_errors=True)
        return self.office.run("restore", str(file or self.file), str(target or self.restored.directory),
                               "--keys", str(keys or self.keys))

    def while_people_write(self):
        server = Server(self.office, self.room)
        need(server.wait_until_open(), "serves")
        writers = self.rig.write(4, 3)
        time.sleep(1)
        begun = time.monotonic()
        done = self.office.run("backup", "-o", str(self.file))
        need(done.returncode == 0, "backs up while people write", done)
        self.rig.join(writers)
        server.kill()
        done = self.restore()
        need(done.returncode == 0, "restores it", done)
        self.rig.check(self.restored, begun)
        need(self.rig.answered, "somebody wrote")

    def same_answers(self):
        self.file.unlink()
        done = self.office.run("backup", "-o", str(self.file))
        need(done.returncode == 0, "backs up", done)
        need(self.office.run("check", str(self.file)).returncode == 0, "is whole")
        need(self.restore().returncode == 0, "restores")
        for words in ANSWERS:
            old, new = self.office.run("--json", *words), self.restored.run("--json", *words)
            need(old.returncode == 0, f"answers {words}", old)
            need(old.stdout == new.stdout, f"another answer: {words}")
        done = self.restored.run("user", "add", "after.restore", "--name", "after")
        need(done.returncode == 0, "can be written to", done)
        need(self.restored.run("audit", "verify").returncode == 0, "and still verifies")

    def opens_with_tar(self):
        out = self.room / "untarred"
        out.mkdir()
        done = subprocess.run(f"tar -xf {self.file} -C {out} && cd {out} && sha256sum -c --quiet SHA256SUMS",
                              shell=True, capture_output=True, text=True, check=False)
        need(done.returncode == 0, "tar and sha256sum agree", done)

    def refused(self, what, *words):
        done = self.office.run(*words)
        need(done.returncode == 1 and done.stderr.startswith("wancun: "), f"refuses {what}", done)
        self.cases += 1

    def damaged(self):
        whole, bad = self.file.read_bytes(), self.room / "bad.tar"
        for _ in range(40):
            bad.write_bytes(whole[:self.chance.randrange(len(whole))])
            self.refused("a part", "check", str(bad))
        for _ in range(40):
            at = self.chance.randrange(len(whole))
            bad.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << self.chance.randrange(8)]) + whole[at + 1:])
            self.refused("another bit", "check", str(bad))
        bad.write_bytes(whole + b"x")
        self.refused("more bytes", "check", str(bad))
        target = self.room / "never"
        self.refused("to restore it", "restore", str(bad), str(target), "--keys", str(self.keys))
        need(not target.exists() and not pathlib.Path(f"{target}.part").exists(), "leaves nothing")

    def refusals(self):
        self.refused("a directory that is in use", "restore", str(self.file),
                     str(self.office.directory), "--keys", str(self.keys))
        none, other = self.room / "none", self.room / "other"
        none.mkdir()
        target = str(self.room / "never")
        self.refused("without keys", "restore", str(self.file), target, "--keys", str(none))
        stranger = self.office.at(other)
        stranger.run(*stranger.init_words())
        self.refused("another office's key", "restore", str(self.file), target, "--keys", str(other))
        done = self.office.run("backup", "-o", "/proc/none/office.tar")
        need(done.returncode == 3, "says that it cannot write", done)
        need(not list(self.office.directory.glob("*.part")), "leaves no copy behind")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("wancun")
    parser.add_argument("source")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    given = parser.parse_args()
    room = make_room("wancun-backup-")
    try:
        backup = Backup(given, room)
        backup.while_people_write()
        backup.same_answers()
        backup.opens_with_tar()
        backup.damaged()
        backup.refusals()
    except Lost as lost:
        print(f"not ok: seed {given.seed}: {lost}\nleft in {room}", file=sys.stderr)
        return 1
    shutil.rmtree(room)
    print(f"seed {given.seed}: {len(backup.rig.answered)} answered around a backup, restored with the "
          f"same head and the same answers; {backup.cases} refusals")
    return 0


sys.exit(main())
