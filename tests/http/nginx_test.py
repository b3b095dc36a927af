"""The recipe of docs/proxy.md, run: nginx in front of the test server, both on this machine.

nginx_test.py DOOR SOURCE"""
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time

DOOR, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2])
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin")
done = 0


def check(holds, name):
    global done
    done += 1
    print(f"{'ok' if holds else 'not ok'} {done} - {name}", flush=True)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def configuration(folder, port):
    page = (SOURCE / "docs" / "proxy.md").read_text()
    recipe = re.search(r"```nginx\n(.*?)```", page, re.S)[1]
    recipe = recipe.replace("listen 443 ssl http2;", f"listen 127.0.0.1:{port};")
    recipe = re.sub(r" *ssl_.*\n", "", recipe)
    recipe = recipe.replace("/run/wancun/http.sock", f"{folder}/http.sock")
    paths = "".join(f"{what}_temp_path {folder}/{what};" for what in
                    ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    return (f"daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;"
            f"events {{}} http {{ access_log off; {paths}\n{recipe} }}")


def connect(port):
    for _ in range(200):
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=10)
        except ConnectionRefusedError:
            time.sleep(0.02)
    raise SystemExit("Bail out! nginx does not listen")


def ask(port, text):
    with connect(port) as client:
        client.sendall(text.encode())
        return client.makefile("rb").read().decode()


def get(port, path, more=""):
    return ask(port, f"GET {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n{more}\r\n")


def try_address(port):
    answer = get(port, "/show", "X-Forwarded-For: 6.6.6.6\r\n")
    check("peer 127.0.0.1\n" in answer, "the client's address is forwarded, not what it claims")


def try_upload(port):
    with connect(port) as client:
        client.sendall(b"PUT /take HTTP/1.1\r\nHost: test\r\nContent-Length: 200000\r\n"
                       b"Connection: close\r\n\r\n" + b"x" * 100000)
        busy = 0
        for _ in range(100):
            busy = int(get(port, "/busy").split("\r\n\r\n")[1].split("\r\n")[-1].split()[0])
            if busy:
                break
            time.sleep(0.02)
        check(busy == 1, "an upload is handed on while it comes")
        client.sendall(b"y" * 100000)
        check("200000" in client.makefile("rb").read().decode(), "an upload arrives whole")


def try_events(port):
    with connect(port) as client:
        begun = time.monotonic()
        client.sendall(b"GET /ticks HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n")
        text = b""
        while b"data: first" not in text:
            text += client.recv(4096)
        first = time.monotonic() - begun
        rest = client.makefile("rb").read()
        check(first < 0.5 and b"data: second" in rest, "an event arrives when it happens")


def try_refusal(port):
    answer = get(port, "/show/%2e%2e%2fetc")
    check(answer.startswith("HTTP/1.1 400"), "a path with a second meaning is refused behind nginx too")


def main():
    if NGINX is None:
        print("1..0 # SKIP nginx is not installed (Debian: nginx-light)")
        return
    with tempfile.TemporaryDirectory(prefix="wancun-nginx-", dir="/tmp") as folder:
        pathlib.Path(folder).chmod(0o755)
        port = free_port()
        conf = pathlib.Path(folder) / "nginx.conf"
        conf.write_text(configuration(folder, port))
        door = subprocess.Popen([DOOR, f"unix:{folder}/http.sock"], stdin=subprocess.PIPE,
                                stdout=subprocess.PIPE)
        assert door.stdout.readline() == b"open\n"
        pathlib.Path(f"{folder}/http.sock").chmod(0o777)
        nginx = subprocess.Popen([NGINX, "-p", folder, "-c", str(conf), "-e", f"{folder}/error.log"])
        try:
            print("1..5")
            for part in (try_address, try_upload, try_events, try_refusal):
                part(port)
        finally:
            nginx.terminate()
            nginx.wait()
            door.stdin.close()
            door.wait()


main()
