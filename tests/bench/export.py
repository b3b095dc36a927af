"""A province's values taken out in every format: what it costs the server, and that memory does not grow with the rows.
    export.py WANCUN FOLDER"""
import http.client
import json
import pathlib
import shutil
import socket
import subprocess
import sys
import threading
import time

WANCUN, FOLDER = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
SOURCE = pathlib.Path(__file__).resolve().parents[2]
OFFICE, SOCKET = FOLDER / 'office', FOLDER / 'socket'
TICKS = 100
WORKERS = 4
FEW = ['PS04', 'PS01', 'PS02']
MANY = FEW + """EV05 DF01 DF02 DF03 PU01 PU02 GV01 GV02 LV01 LV02 IN01 IN02 IN05 IN06 IN07 IN08 IN09 IN11 IN12 EV01 EV02
    EV03 EV04 EV06 EV07 SG01 SG02 SG03 SG04 SG05 SG06""".split()
FORMATS = ['csv', 'ndjson', 'json', 'xlsx']


def wancun(*words, **more):
    subprocess.run([WANCUN, '-q', *words], check=True, stdout=subprocess.DEVNULL, **more)


def make():
    if not OFFICE.exists():
        wancun('demo', FOLDER, '--size', 'province', '--programme', SOURCE / 'programmes' / 'example-province')
    programme = FOLDER / 'programme'
    shutil.rmtree(programme, ignore_errors=True)
    shutil.copytree(SOURCE / 'programmes' / 'example-province', programme)
    head = programme / 'programme.yaml'
    head.write_text(head.read_text().replace('  demonstration: true', '  demonstration: true\n  export_rows: 0', 1))
    wancun('-d', OFFICE, 'programme', 'apply', programme)
    page = subprocess.run([WANCUN, '--json', '-d', OFFICE, 'user', 'list'], check=True, capture_output=True, text=True)
    if 'bench.man' not in page.stdout:
        (FOLDER / 'password').write_text('quiet-lantern-73\n')
        wancun('-d', OFFICE, 'user', 'add', 'bench.man', '--name', 'bench')
        wancun('-d', OFFICE, 'user', 'password', 'bench.man', '--from-file', FOLDER / 'password')
        wancun('-d', OFFICE, 'user', 'post', 'bench.man', 'programme_office', '--unit', '990000000000')


class Client(http.client.HTTPConnection):
    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(str(SOCKET))


def ask(method, path, cookie='', body=None):
    client = Client('localhost', timeout=600)
    client.request(method, path, body, {'Cookie': cookie, 'Content-Type': 'application/json'})
    answer = client.getresponse()
    size, lines = 0, 0
    while piece := answer.read(1 << 20):
        size, lines, last = size + len(piece), lines + piece.count(b'\n'), piece
    assert answer.status == 200, (answer.status, last)
    return answer, size, lines


def status(pid, name):
    with open(f'/proc/{pid}/status', encoding='ascii') as lines:
        return int(next(line for line in lines if line.startswith(name)).split()[1]) / 1024


def cpu(pid):
    fields = pathlib.Path(f'/proc/{pid}/stat').read_text().rsplit(')', 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


class Peak(threading.Thread):
    """The most memory of its own that the process had; pages of mapped files, the database's above all, are not its own."""

    def __init__(self, pid):
        super().__init__()
        self.pid, self.mib, self.is_over = pid, 0, False

    def run(self):
        while not self.is_over:
            self.mib = max(self.mib, status(self.pid, 'RssAnon'))
            time.sleep(0.003)

    def end(self):
        self.is_over = True
        self.join()
        return self.mib


def measure(pid, method, path, cookie, body=None):
    peak = Peak(pid)
    peak.start()
    before, begun = cpu(pid), time.monotonic()
    _, size, lines = ask(method, path, cookie, body)
    return size, lines, cpu(pid) - before, time.monotonic() - begun, peak.end()


def main():
    make()
    SOCKET.unlink(missing_ok=True)
    with subprocess.Popen([WANCUN, '-d', OFFICE, 'serve', '--listen', f'unix:{SOCKET}'], stderr=subprocess.DEVNULL) as server:
        while not SOCKET.exists():
            time.sleep(0.1)
        answer, _, _ = ask('POST', '/api/session', body=json.dumps({'login': 'bench.man', 'password': 'quiet-lantern-73'}))
        cookie = answer.getheader('set-cookie').split(';')[0]
        print(f'at rest: {status(server.pid, "RssAnon"):.0f} MiB')
        for _ in range(WORKERS):  # each has a connection of its own, which keeps what it read
            ask('GET', f'/api/values?period=2024&indicator={FEW[0]}', cookie)
        print(f'after a request of each worker: {status(server.pid, "RssAnon"):.0f} MiB')
        rows = {}
        for names in (FEW, MANY):
            for face in FORMATS:
                path = f'/api/values?period=2024&indicator={",".join(names)}&format={face}'
                size, lines, spent, wall, peak = measure(server.pid, 'GET', path, cookie)
                rows[len(names)] = lines if face == 'ndjson' else rows.get(len(names), lines - 1)
                count = rows[len(names)]
                print(f'{count} rows, {face}: {size / 1e6:.1f} MB, {spent:.2f} s CPU, {count / max(spent, 0.01):.0f} rows/s, '
                      f'{wall:.2f} s wall, peak {peak:.0f} MiB')
        _, _, spent, wall, peak = measure(server.pid, 'POST', '/api/tiers', cookie, '{"period":"2024"}')
        time.sleep(1)
        print(f'classify: {spent:.2f} s CPU, {wall:.2f} s wall, peak {peak:.0f} MiB, after it {status(server.pid, "RssAnon"):.0f} MiB, '
              f'and {status(server.pid, "RssFile"):.0f} MiB mapped')
        server.terminate()


main()
