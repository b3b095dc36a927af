#!/usr/bin/env python3
"""power.py WANCUN SOURCE POWER.so [--cuts N] [--seed N]: power cuts under an office that is written to.

power.c writes down what the program does to its files while the office is founded, served, killed
and served again. Then, for each cut, at a random act: a disk is made that may be left there
(disk.py), the program opens it, everything answered before the cut must be there, nothing half
there, doctor and audit verify find nothing, and it can be written to again. Last the rig itself is
tried on disks whose syncs do nothing: of the database's log, as with synchronous = OFF; of the
originals; of their names. Each must be found losing."""
import argparse
import pathlib
import random
import shutil
import sys
import time

from disk import Acts, Disk
from rig import Lost, Office, Rig, Server, found, make_room, token_of

WRITERS, SESSIONS, ACTS_A_SESSION = 4, 5, (150, 1500)
LIES = {
    "the log": lambda path: path.endswith("-wal"),
    "originals": lambda path: "/files/" in path and not path.endswith("/"),
    "names of originals": lambda path: path.endswith("/files/"),
}
CUTS_A_LIE = 60


class Power:
    def __init__(self, given, room):
        self.room, self.chance = room, random.Random(given.seed)
        self.log, self.library = room / "acts", pathlib.Path(given.power).resolve()
        (room / "disk").mkdir()
        self.office = Office(given.wancun, given.source, room / "disk" / "office")
        self.trial = self.office.at(room / "trial" / "office")
        self.founded = []

    def env(self, acts=0):
        return {"LD_PRELOAD": str(self.library), "WANCUN_POWER_ROOM": str(self.room / "disk"),
                "WANCUN_POWER_LOG": str(self.log), "WANCUN_POWER_ACTS": str(acts)}

    def position(self):
        return self.log.stat().st_size

    def record(self):
        """The office founded by commands, then served and killed in the midst of it."""
        for words in found(self.office):
            done = self.office.run(*words, env=self.env())
            if done.returncode != 0:
                raise Lost(f"{words}: {done.stderr}")
            self.founded.append(self.position())
        rig = Rig(self.office, token_of(done), self.room / "socket", self.position)
        for _ in range(SESSIONS):
            server = Server(self.office, self.room, self.env(self.chance.randint(*ACTS_A_SESSION)))
            if server.wait_until_open():
                writers = rig.write(WRITERS, 6)
                rig.join(writers)
            server.kill()
        rig.check(self.office)
        return rig

    def check(self, rig, cut):
        """The disk that was left must be an office as far as anything was answered."""
        is_founded = cut >= self.founded[0]
        if not is_founded and self.trial.run("doctor").returncode != 0:
            again = self.trial.run(*self.trial.init_words())
            if again.returncode != 0:
                raise Lost(f"init cannot be run again: {again.stderr}")
            return
        if cut >= self.founded[-1]:
            rig.check(self.trial, cut)
        else:
            self.check_founding(cut)
        done = self.trial.run("user", "add", "after.cut", "--name", "after")
        if done.returncode != 0:
            raise Lost(f"cannot be written to: {done.stderr}")

    def check_founding(self, cut):
        done = self.trial.run("audit", "verify")
        if done.returncode != 0 or self.trial.run("doctor").returncode != 0:
            raise Lost(f"in founding: {done.stdout}{done.stderr}")
        wanted = sum(cut >= at for at in self.founded[1:3])
        if len(self.trial.rows("import", "list")) < wanted:
            raise Lost("a command that had ended is undone")

    def cut(self, disk, rig, cut):
        shutil.rmtree(self.trial.directory.parent, ignore_errors=True)
        self.trial.directory.parent.mkdir()
        disk.after_cut(self.chance, self.room / "disk", self.trial.directory.parent)
        self.check(rig, cut)

    def cut_often(self, rig, cuts, lies, first=0):
        """Cut at `cuts` random acts, in order; raises at the first loss."""
        places = [at for at in Acts(self.log).boundaries() if at >= first]
        disk, acts = Disk(lies), Acts(self.log)
        for place in sorted(self.chance.choices(places, k=cuts)):
            while acts.at < place:
                disk.take(*acts.next())
            self.cut(disk, rig, place)
        return len(places)

    def is_lie_found(self, rig, lies):
        try:
            self.cut_often(rig, CUTS_A_LIE, lies, self.founded[-1])
        except Lost:
            return True
        return False


def run(given, room):
    power = Power(given, room)
    rig = power.record()
    begin = time.monotonic()
    acts = power.cut_often(rig, given.cuts, lambda path: False)
    spent = time.monotonic() - begin
    for what, lies in LIES.items():
        if not power.is_lie_found(rig, lies):
            raise Lost(f"{what}: not synced in {CUTS_A_LIE} cuts, and nothing was missed")
    print(f"seed {given.seed}: {acts} acts on files, {len(rig.answered)} answered, {given.cuts} cuts "
          f"({given.cuts / spent:.1f} a second); nothing lost; found out: {', '.join(LIES)} not synced")
    return 0 if rig.answered else 1


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("wancun")
    parser.add_argument("source")
    parser.add_argument("power")
    parser.add_argument("--cuts", type=int, default=40)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    given = parser.parse_args()
    room = make_room("wancun-power-")
    try:
        status = run(given, room)
    except Lost as lost:
        print(f"not ok: seed {given.seed}: {lost}\nleft in {room}", file=sys.stderr)
        return 1
    shutil.rmtree(room)
    return status


sys.exit(main())
