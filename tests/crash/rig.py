"""What both rigs share: a tiny office, a server of it, people who write, and what must be there."""
import hashlib
import http.client
import json
import os
import pathlib
import socket
import sqlite3
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "faults"))
from tiny import Office, make_room  # noqa: E402, F401

COUNTY = "990101000000"
VILLAGES = [f"9901012082{number:02}" for number in range(8)]
FIRST_VALUE = 10000  # of IN01, plus the number of the act
LEDGER_HEAD = "代码,农村居民人均可支配收入（元）"
START_S = 20


class Lost(AssertionError):
    """Something acknowledged is gone, or something is half there."""


def found(office):
    """The commands that make an office in which a token may import; each is done when it ends."""
    data = office.data
    yield office.init_words()
    yield "import", "register", str(data / "register.csv"), "--as-of", "2022-12-31"
    yield "import", "ledger", str(data / "ledger-2024.csv"), "--period", "2024"
    yield "user", "add", "crash.rig", "--name", "rig"
    password = office.directory.parent / "password"
    password.write_text("quiet-lantern-73\n")
    yield "user", "password", "crash.rig", "--from-file", str(password)
    yield "user", "post", "crash.rig", "programme_office", "--unit", COUNTY
    yield ("--json", "user", "token", "crash.rig", "--purpose", "rig", "--rights", "read,import",
           "--days", "300")


class Connection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=30)
        self.path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(30)
        self.sock.connect(self.path)


class Server:
    """`wancun serve`, in a process group of its own."""

    def __init__(self, office, room, env=None):
        self.socket, self.log = room / "socket", room / "server.log"
        self.socket.unlink(missing_ok=True)
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                office.command("serve", "--listen", f"unix:{self.socket}"), stdout=log, stderr=log,
                start_new_session=True, env={**os.environ, **(env or {})})

    def wait_until_open(self):
        """False when it ended instead."""
        end = time.monotonic() + START_S
        while time.monotonic() < end and self.process.poll() is None:
            try:
                Connection(self.socket).connect()
                return True
            except OSError:
                time.sleep(0.005)
        return False

    def kill(self, whole_group=False):
        if self.process.poll() is None:
            (os.killpg if whole_group else os.kill)(self.process.pid, 9)
        self.process.wait()


class Writer(threading.Thread):
    """One who writes until the server is gone; `acts` says what it began and what was answered."""

    def __init__(self, rig, place, is_over=lambda: False):
        super().__init__(daemon=True)
        self.rig, self.place, self.is_over, self.faults = rig, place, is_over, []

    def act(self, number):
        kind = ("ledger", "file", "wishes", "ledger")[number % 4]
        name = f"{kind}-{self.place}-{number}.csv"
        village = VILLAGES[self.place]
        if kind == "ledger":
            body = f"{LEDGER_HEAD}\n{village},{FIRST_VALUE + number}\n"
            return kind, name, f"/api/ledgers?period=2024&name={name}", body
        if kind == "wishes":
            body = f"代码,建设内容,支持率,不同意,说明\n{village},户厕改造,{number % 100},,{number}\n"
            return kind, name, f"/api/wishes?name={name}", body
        # The same bytes from all at about the same time: one original, kept for each of them.
        return kind, name, f"/api/files?name={name}", f"note {number}\n"

    def run(self):
        connection = Connection(self.rig.socket)
        headers = {"Authorization": f"Bearer {self.rig.token}",
                   "Content-Type": "application/octet-stream"}
        try:
            while not self.is_over():
                number = self.rig.next_number(self.place)
                kind, name, path, body = self.act(number)
                self.rig.begin(kind, name, self.place, number, body)
                connection.request("POST", path, body.encode(), headers)
                answer = connection.getresponse()
                said = answer.read()
                if answer.status == 200:
                    self.rig.acknowledge(name)
                elif answer.status in (429, 503):
                    time.sleep(0.02)
                else:
                    self.faults.append(f"{name}: {answer.status} {said.decode()[:300]}")
        except (OSError, http.client.HTTPException):
            pass  # the server is gone
        finally:
            connection.close()


class Rig:
    """An office with its token, and all that was asked of it."""

    def __init__(self, office, token, socket_path, position=lambda: 0):
        self.office, self.token, self.socket, self.position = office, token, socket_path, position
        self.lock, self.numbers = threading.Lock(), {}
        self.begun, self.answered = {}, {}

    def next_number(self, place):
        self.numbers[place] = self.numbers.get(place, 0) + 1
        return self.numbers[place]

    def begin(self, kind, name, place, number, body):
        with self.lock:
            self.begun[name] = (kind, place, number, hashlib.sha256(body.encode()).digest())

    def acknowledge(self, name):
        with self.lock:
            self.answered[name] = self.position()

    def write(self, writers, seconds=None):
        """Let them write until the server ends, or for some time; then it goes on running."""
        end = None if seconds is None else time.monotonic() + seconds
        all_of_them = [Writer(self, place, lambda: end is not None and time.monotonic() > end)
                       for place in range(writers)]
        for writer in all_of_them:
            writer.start()
        return all_of_them

    @staticmethod
    def join(writers):
        for writer in writers:
            writer.join(40)
            if writer.is_alive():
                raise Lost("a writer still waits for an answer")
            if writer.faults:
                raise Lost(f"refused: {writer.faults[0]}")

    def check(self, office, position=None):
        """All that was answered before `position` is there, and nothing is half there."""
        for words in (("doctor",), ("audit", "verify")):
            done = office.run(*words)
            if done.returncode != 0:
                raise Lost(f"{' '.join(words)}: exit {done.returncode}\n{done.stdout}{done.stderr}")
        answered = [name for name, at in self.answered.items() if position is None or at <= position]
        lite = sqlite3.connect(office.directory / "wancun.db")
        try:
            files = {bytes(row[0]) for row in lite.execute("SELECT sha256 FROM file")}
            batches = [row[0] for row in lite.execute("SELECT file_name FROM batch")]
        finally:
            lite.close()
        self.check_rows(answered, files, batches)
        self.check_files(office, files)
        self.check_values(office, set(batches))

    def check_rows(self, answered, files, batches):
        for name in answered:
            kind, _, _, digest = self.begun[name]
            if digest not in files:
                raise Lost(f"{name}: answered, and its file is not noted")
            if kind != "file" and batches.count(name) != 1:
                raise Lost(f"{name}: answered, and there {batches.count(name)} times")
        asked = {name for name, act in self.begun.items() if act[0] != "file"}
        for name in batches:
            if "-" in name and "/" not in name and name not in asked:
                raise Lost(f"{name}: there, and nobody asked for it")

    @staticmethod
    def check_files(office, files):
        for digest in files:
            path = office.directory / "files" / digest.hex()
            if not path.exists() or hashlib.sha256(path.read_bytes()).digest() != digest:
                raise Lost(f"original {digest.hex()}: gone or damaged")

    def check_values(self, office, batches):
        rows = office.rows("values", "list", "--period", "2024", "--indicator", "IN01")
        values = {row["code"]: row["value"] for row in rows}
        last = {}
        for name in batches & self.begun.keys():
            kind, place, number, _ = self.begun[name]
            if kind == "ledger":
                last[place] = max(last.get(place, 0), number)
        for place, number in last.items():
            if values[VILLAGES[place]] != FIRST_VALUE + number:
                raise Lost(f"{VILLAGES[place]}: {values[VILLAGES[place]]} after {number}")


def token_of(done):
    return json.loads(done.stdout)["rows"][0]["secret"]
