"""The server as a service: it takes the socket that it is handed, says when it is ready and when it stops; and the unit
is well formed and keeps it in a sandbox, as far as systemd is here to ask.

    service_test.py SOURCE WANCUN
"""
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile

EXPOSURE_MAX = 1.5  # of 10, by systemd-analyze security; notes of security: at most 2.0
done = 0


def check(name, holds, why=""):
    global done
    done += 1
    print(f"{'ok' if holds else 'not ok'} {done} - {name}")
    if not holds:
        print(f"# {why}")
        sys.exit(1)


def skip(name, why):
    global done
    done += 1
    print(f"ok {done} # SKIP {name}: {why}")


def serve(source, wancun, room):
    office, where = room / "office", str(room / "http.sock")
    subprocess.run([wancun, "-q", "init", office, "--programme", source / "programmes/example-province"], check=True)
    manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    manager.bind(str(room / "notify"))
    manager.settimeout(20)
    door = socket.socket(socket.AF_UNIX)
    door.bind(where)
    door.listen(16)

    def hand_over():
        os.dup2(door.fileno(), 3)

    server = subprocess.Popen([wancun, "-q", "-d", office, "serve", "--listen", "fd:3", "--https"], preexec_fn=hand_over,
                              close_fds=True, pass_fds=(3,), stderr=subprocess.DEVNULL,
                              env={**os.environ, "NOTIFY_SOCKET": str(room / "notify")})
    check("says when it is ready", manager.recv(100) == b"READY=1")
    door.close()
    client = socket.socket(socket.AF_UNIX)
    client.settimeout(20)
    client.connect(where)
    client.sendall(b"GET / HTTP/1.1\r\nHost: example.org\r\nConnection: close\r\n\r\n")
    answer = client.makefile("rb").read()
    check("answers on the socket that it was handed", answer.startswith(b"HTTP/1.1 200 "), answer[:200])
    check("as people come by HTTPS", b"Strict-Transport-Security:" in answer)
    server.send_signal(signal.SIGTERM)
    check("says when it stops", manager.recv(100) == b"STOPPING=1")
    check("and stops", server.wait(30) == 0)
    wrong = subprocess.run([wancun, "-d", office, "serve", "--listen", "fd:99"], capture_output=True)
    check("refuses a socket that it was not handed", wrong.returncode == 1, wrong.stderr)


def units(source, wancun, room):
    folder = source / "packaging/systemd"
    as_installed = (folder / "wancun.service.in").read_text().replace("@bindir@/wancun", wancun)
    text = as_installed
    for name in ("User", "Group"):  # who is made when it is installed
        text = re.sub(rf"^{name}=wancun$", f"{name}=root", text, flags=re.M)
    (room / "wancun.service").write_text(text)
    unit = (folder / "wancun.socket").read_text()
    (room / "wancun.socket").write_text(re.sub(r"^Socket(User|Group)=.*$", r"Socket\1=root", unit, flags=re.M))
    if not shutil.which("systemd-analyze"):
        return skip("systemd-analyze", "systemd is not installed")
    paths = [str(room / "wancun.service"), str(room / "wancun.socket")]
    seen = subprocess.run(["systemd-analyze", "verify", "--man=no", *paths], capture_output=True, text=True)
    ours = [line for line in seen.stderr.splitlines() if "wancun" in line]
    check("units are well formed", not ours, ours)
    (room / "wancun.service").write_text(as_installed)
    seen = subprocess.run(["systemd-analyze", "security", "--offline=true", paths[0]], capture_output=True, text=True)
    found = re.search(r"Overall exposure level for wancun.service: ([0-9.]+)", seen.stdout)
    check(f"exposure at most {EXPOSURE_MAX}: {found and found[1]}", found and float(found[1]) <= EXPOSURE_MAX,
          seen.stdout[-500:] + seen.stderr)


def main():
    source, wancun = pathlib.Path(sys.argv[1]), os.path.abspath(sys.argv[2])
    with tempfile.TemporaryDirectory() as room:
        serve(source, wancun, pathlib.Path(room))
        units(source, wancun, pathlib.Path(room))
    print(f"1..{done}")


main()
