#!/usr/bin/env python3
"""kill.py WANCUN SOURCE [--kills N] [--seed N]: kill -9 of a server that people write to.

While several write, the server is killed at a random moment: at times its whole process group, at
times while it starts, at times while it recovers from the last kill. After each: what it answered is
there, nothing is half there, doctor and audit verify find nothing. At the end the rig itself is
tried: the newest part of the log is cut off as after a commit that was not synced, and the rig must
find the loss."""
import argparse
import random
import shutil
import sys
import time

from rig import Lost, Office, Rig, Server, found, make_room, token_of

KILLS_AN_OFFICE = 40  # then a fresh one: checks stay quick
WRITERS = 4


class Killing:
    def __init__(self, wancun, source, room, seed):
        self.room, self.chance = room, random.Random(seed)
        self.template = Office(wancun, source, room / "template")
        self.office = self.template.at(room / "office")
        for words in found(self.template):
            done = self.template.run(*words)
            if done.returncode != 0:
                raise Lost(f"{words}: {done.stderr}")
        self.token = token_of(done)
        self.tally = {"kills": 0, "in starting": 0, "groups": 0, "answered": 0}

    def fresh(self):
        shutil.rmtree(self.office.directory, ignore_errors=True)
        shutil.copytree(self.template.directory, self.office.directory)
        return Rig(self.office, self.token, self.room / "socket")

    def kill_in_starting(self):
        server = Server(self.office, self.room)
        time.sleep(self.chance.random() * 0.06)
        server.kill()
        self.tally["kills"] += 1
        self.tally["in starting"] += 1

    def kill_in_writing(self, rig):
        server = Server(self.office, self.room)
        if not server.wait_until_open():
            raise Lost(f"does not start again: {server.log.read_text()[-600:]}")
        before = len(rig.answered)
        writers = rig.write(WRITERS)
        time.sleep(self.chance.random() * 0.5)
        is_group = self.chance.random() < 0.3
        server.kill(is_group)
        rig.join(writers)
        self.tally["kills"] += 1
        self.tally["groups"] += is_group
        self.tally["answered"] += len(rig.answered) - before

    def run(self, kills):
        rig, here = self.fresh(), 0
        while self.tally["kills"] < kills:
            if here == KILLS_AN_OFFICE:
                rig, here = self.fresh(), 0
            here += 1
            if self.chance.random() < 0.2:
                self.kill_in_starting()
            else:
                self.kill_in_writing(rig)
            rig.check(self.office)

    def is_loss_found(self):
        rig, log = self.fresh(), self.office.directory / "wancun.db-wal"
        while True:
            self.kill_in_writing(rig)
            if len(rig.answered) >= 20 and log.exists() and log.stat().st_size > 1 << 16:
                break
        with open(log, "r+b") as file:
            file.truncate(log.stat().st_size // 2)
        (self.office.directory / "wancun.db-shm").unlink(missing_ok=True)
        try:
            rig.check(self.office)
        except Lost:
            return True
        return False


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("wancun")
    parser.add_argument("source")
    parser.add_argument("--kills", type=int, default=25)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    given = parser.parse_args()
    room = make_room("wancun-kill-")
    try:
        killing = Killing(given.wancun, given.source, room, given.seed)
        killing.run(given.kills)
        said = ", ".join(f"{count} {what}" for what, count in killing.tally.items())
        is_found = killing.is_loss_found()
    except Lost as lost:
        print(f"not ok: seed {given.seed}: {lost}\nleft in {room}", file=sys.stderr)
        return 1
    shutil.rmtree(room)
    if not is_found:
        print(f"not ok: seed {given.seed}: half the log was cut off, and nothing was missed",
              file=sys.stderr)
        return 1
    print(f"seed {given.seed}: {said}; nothing lost; half a log cut off is found out")
    return 0 if killing.tally["answered"] > 0 else 1


sys.exit(main())
