"""crawl.py SOURCE WANCUN [--whole]: who sees what, found out by looking.

A small province gets words and numbers of its own for everything that is a unit's: names, values, file names, reasons, minutes, where a
notice hangs, objections. Persons at every level then ask every GET route with every id there is, their own and others', in every format.
No word of a unit may reach anybody but those whose scope it lies in, in an answer, a header or an error; and every word must reach
somebody, or nothing was looked for. Without --whole every third person asks, with some of the ids.
"""
import http.client
import io
import json
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import zipfile

SOURCE, WANCUN = pathlib.Path(sys.argv[1]), sys.argv[2]
WHOLE = '--whole' in sys.argv[3:]
PASSWORD = 'quiet-lantern-73'
JSON = {'Content-Type': 'application/json'}
ABOVE_TOO = {'run', 'file'}  # what a unit's own rows rest on is told with them


class Unit:
    def __init__(self, code, level, parent):
        self.code, self.level, self.parent = code, level, parent
        self.below = []
        self.word = f'Q{len(UNITS):03d}{level[:2].upper()}'
        if parent:
            parent.below.append(self)
        UNITS.append(self)

    def subtree(self):
        return [self] + [unit for child in self.below for unit in child.subtree()]

    def path(self):
        return [self] + (self.parent.path() if self.parent else [])


UNITS = []
WORDS = {}  # word or number: (kind, unit it belongs to)


def plant(kind, unit, text=None):
    """A word that stands nowhere else, and whose it is."""
    word = text or f'{kind}Z{len(WORDS):04d}Z'
    WORDS[word] = (kind, unit)
    return word


def make_units():
    province = Unit('990000000000', 'province', None)
    for c in (1, 2):
        city = Unit(f'990{c}00000000', 'city', province)
        for k in (1, 2):
            county = Unit(f'990{c}0{k}000000', 'county', city)
            for t in (0, 1):
                township = Unit(f'990{c}0{k}10{t}000', 'township', county)
                for v in (200, 201):
                    Unit(f'990{c}0{k}10{t}{v}', 'village', township)
    for unit in UNITS:
        plant('name', unit, unit.word)
    return province


def name_of(unit):
    ends = {'province': '省', 'city': '市', 'county': '县', 'township': '镇', 'village': '村委会'}
    return f'岭{unit.word}{ends[unit.level]}'


class Connection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__('localhost', timeout=120)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(120)
        self.sock.connect(self.path)


class Person:
    """Somebody with posts, who asks; `scope` is what he may see."""

    def __init__(self, login, posts, socket_path):
        self.login, self.posts = login, posts
        self.door = Connection(socket_path)
        self.cookie = None
        self.scope = {unit for _, at in posts if at for unit in at.subtree()}
        self.above = {unit for _, at in posts if at for unit in at.path()}
        self.seen, self.leaks, self.asked = set(), [], 0

    def ask(self, method, path, form=None, body=None):
        """Status, headers as text, bytes; waits when told that it asks too fast."""
        headers = {'Cookie': f'wc={self.cookie}'} if self.cookie else {}
        data = json.dumps(form).encode() if form is not None else body
        headers |= JSON if form is not None else {}
        while True:
            try:
                self.door.request(method, path, body=data, headers=headers)
            except BrokenPipeError:  # refused for its haste before its body was read; a server that is gone refuses to connect
                self.door.close()
                time.sleep(0.3)
                continue
            answer = self.door.getresponse()
            content = answer.read()
            for name, value in answer.getheaders():
                if name.lower() == 'set-cookie' and value.startswith('wc='):
                    self.cookie = value[3:].split(';')[0]
            if answer.status not in (429, 503):
                return answer.status, str(answer.getheaders()), content
            time.sleep(0.3)

    def do(self, method, path, form=None, body=None):
        status, _, content = self.ask(method, path, form, body)
        assert status == 200, (self.login, method, path, status, content.decode()[:400])
        return json.loads(content)

    def log_in(self):
        assert self.do('POST', '/api/session', {'login': self.login, 'password': PASSWORD})['answer'] == 'in', self.login

    def may_know(self, word):
        kind, unit = WORDS[word]
        if unit in self.scope:
            return True
        return unit in self.above and (kind == 'name' or kind in ABOVE_TOO)

    def look(self, path, status, headers, content):
        self.asked += 1
        text = COUNTER.sub('', headers + '\n' + text_of(content))
        for word in set(PATTERN.findall(text)):
            if self.may_know(word):
                self.seen.add(word)
            else:
                at = text.index(word)
                self.leaks.append((self.login, path, status, word, WORDS[word][0], WORDS[word][1].code, text[max(0, at - 60):at + 40]))


PATTERN = None
COUNTER = re.compile(r'''X-Request-Id', '\d+'|"request":"\d+"''')  # requests are numbered, and numbers meet values


def make_pattern():
    return re.compile(r'(?<![0-9A-Za-z])(?:' + '|'.join(sorted(map(re.escape, WORDS), key=len, reverse=True)) + r')(?![0-9A-Z])')


def text_of(content):
    if content[:2] != b'PK':
        return content.decode(errors='replace')
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return '\n'.join(name + '\n' + book.read(name).decode(errors='replace') for name in book.namelist())


def run(office, *words):
    done = subprocess.run([WANCUN, '--lang', 'en', '-d', office, *words], capture_output=True, check=False, text=True)
    assert done.returncode == 0, (words, done.stderr)
    return done.stdout


def table(answer, name=None):
    """The rows of the first table, or of the one with that schema."""
    for one in answer['tables']:
        if name is None or one['schema'].startswith(f'wancun.{name}/'):
            return one['rows']
    return []


def set_up(room, province):
    programme = room / 'programme'
    programme.mkdir()
    shutil.copy(SOURCE / 'tests/rights/small.yaml', programme)
    shutil.copy(SOURCE / 'programmes/example-province/posts.yaml', programme)
    office = str(room / 'office')
    subprocess.run([WANCUN, '-q', 'init', office, '--programme', str(programme)], check=True)
    register = ''.join(f'{u.code},{u.level},{name_of(u)}\n' for u in province.subtree())
    (room / 'r.csv').write_text('code,level,name\n' + register)
    run(office, 'import', 'register', str(room / 'r.csv'), '--as-of', '2023-12-31')
    later = register.replace('村委会', '村民委员会')  # renamed villages: lineage in every county
    (room / 'r2.csv').write_text('code,level,name\n' + later)
    run(office, 'import', 'register', str(room / 'r2.csv'), '--as-of', '2024-12-31')
    return office


def admins(office, room, socket_path):
    for kind in ('system', 'security', 'audit'):
        (room / 'password').write_text(PASSWORD + '\n')
        run(office, 'user', 'add', kind + '.admin', '--name', '管', '--kind', kind)
        run(office, 'user', 'password', kind + '.admin', '--from-file', str(room / 'password'))
        run(office, 'user', 'post', kind + '.admin', kind)
    return [Person(kind + '.admin', [], socket_path) for kind in ('system', 'security', 'audit')]


def posts_of(unit):
    if unit.level in ('township', 'village'):
        return [unit.level]
    return ['programme_office', 'secretary', 'bureau', 'inspector', 'auditor']


def make_persons(system, security, socket_path):
    """Everybody through the doors that people use: an account, a post, a first password."""
    persons = [Person(f'{post}.{unit.word}'.lower().replace('_', '.'), [(post, unit)], socket_path)
               for unit in UNITS for post in posts_of(unit)]
    counties = [unit for unit in UNITS if unit.level == 'county']
    persons.append(Person('two.posts', [('bureau', counties[0]), ('auditor', counties[3])], socket_path))
    persons.append(Person('no.post', [], socket_path))
    for person in persons:
        start = table(system.do('POST', f'/api/persons/{person.login}', {'name': '人'}))[0]['secret']
        for post, unit in person.posts:
            security.do('POST', f'/api/persons/{person.login}/posts/{post}', {'unit': unit.code})
        person.do('POST', '/api/start', {'start': start, 'password': PASSWORD})
        person.log_in()
    return persons


def by_post(persons, post, unit):
    return next(p for p in persons if p.posts == [(post, unit)])


def work_of_county(persons, county, number):
    """A year's work of one county, with its own words in everything."""
    office, secretary = (by_post(persons, post, county) for post in ('programme_office', 'secretary'))
    villages = [u for u in county.subtree() if u.level == 'village']
    rows = ''
    for i, village in enumerate(villages):
        value = str(60000 + 997 * number + 31 * i)
        rows += f'{village.code},{name_of(village)},{plant("value", village, value)}\n'
    ledger = ('代码,行政村,户籍人口\n' + rows).encode()
    office.do('POST', f'/api/ledgers?period=2024&name={plant("file", county)}.csv', body=ledger.replace('村委会'.encode(), '村民委员会'.encode()))
    again = ledger.replace(b',6', b',7', 1)
    office.do('POST', f'/api/ledgers?period=2023&name={plant("batch", county)}.csv', body=again)
    batch = table(office.do('GET', '/api/batches'))[0]['batch']
    office.do('POST', f'/api/batches/{batch}/revert', {'reason': plant('batch', county)})
    office.do('POST', '/api/tiers', {'period': '2024', 'draws': '10'})
    run_number = table(office.do('GET', '/api/runs'))[0]['run']
    approve(office, secretary, run_number, county)
    office.do('POST', f'/api/runs/{run_number}/notice', {'to': '2099-01-01', 'place': plant('run', county)})
    notice = table(office.do('GET', '/api/notices'))[0]['notice']
    for village in villages:
        clerk = by_post(persons, 'village', village)
        clerk.do('POST', f'/api/notices/{notice}/appeals/{village.code}',
                 {'who': plant('appeal', village), 'text': plant('appeal', village), 'ground': plant('appeal', village)})
    office.do('PUT', f'/api/tiers/{villages[0].code}/high', {'reason': plant('proposal', villages[0])})


def approve(office, secretary, run_number, unit):
    office.do('POST', f'/api/runs/{run_number}/approval',
              {'resolution': plant('run', unit), 'on': '2025-01-10', 'minutes': plant('run', unit)})
    waiting = [row for row in table(secretary.do('GET', '/api/proposals')) if row['state'] == 'proposed']
    secretary.do('PUT', f'/api/proposals/{waiting[0]["proposal"]}/approve', {'remark': 'x'})


def work_of_all(persons, province):
    for number, county in enumerate(u for u in UNITS if u.level == 'county'):
        work_of_county(persons, county, number)
    for unit in [u for u in UNITS if u.level == 'city'] + [province]:
        office, secretary = (by_post(persons, post, unit) for post in ('programme_office', 'secretary'))
        office.do('POST', '/api/tiers', {'period': '2024', 'draws': '10'})
        approve(office, secretary, table(office.do('GET', '/api/runs'))[0]['run'], unit)


def ids_of(auditor, clerk):
    """Every id there is: those that nobody below can know are asked for by everybody."""
    rows = {name: table(auditor.do('GET', f'/api/{name}')) for name in ('runs', 'batches', 'notices', 'proposals')}
    return {
        'CODE': [u.code for u in UNITS] + ['999999999999'],
        'RUN': [row['run'] for row in rows['runs']] + ['7'],
        'NOTICE': [row['notice'] for row in rows['notices']] + ['7'],
        'INDICATOR': ['POP'],
        'LEVEL': ['province', 'city', 'county', 'township', 'village'],
        'ZOOM': ['0', '1'],
        'COLUMN': ['0', '1'],
        'ROW': ['0', '1'],
        'LOGIN': [clerk.login, 'no.such'],
    }


def fill(path, ids, some):
    """Every way to write the path."""
    word = re.search(r'\{([A-Z]+)\}', path)
    if not word:
        return [path]
    name = 'RUN' if word[1] == 'OTHER' else word[1]
    values = ids.get(name, ['1'])
    return [whole for value in some(values) for whole in fill(path.replace(word[0], value, 1), ids, some)]


def asks_of(api, ids, some):
    for path, methods in api['paths'].items():
        if 'get' not in methods:
            continue
        names = {p['name']: p for p in methods['get'].get('parameters', []) if p['in'] == 'query'}
        need = '&'.join(f'{name}=2024' for name, p in names.items() if p.get('required'))
        units = [''] + ([f'unit={code}' for code in some(ids['CODE'])] if 'unit' in names else [])
        formats = ['', 'format=csv', 'format=ndjson', 'format=xlsx'] if 'format' in names else ['']
        for whole in fill(path, ids, some):
            for unit in units:
                for form in formats if not unit else formats[:1]:
                    query = '&'.join(part for part in (need, unit, form) if part)
                    yield whole + ('?' + query if query else '')


def crawl(person, api, ids, some):
    if person.cookie is None:
        person.log_in()
    for path in asks_of(api, ids, some):
        person.look(path, *person.ask('GET', path))


def sample(values):
    return values[::5] + values[-1:] if len(values) > 8 else values[:2] + values[-1:]


def walk(persons, api, ids):
    some = (lambda values: values) if WHOLE else sample
    threads = [threading.Thread(target=crawl, args=(person, api, ids, some)) for person in persons]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def judge(persons):
    leaks = [leak for person in persons for leak in person.leaks]
    for leak in leaks[:20]:
        print('# leak:', leak)
    seen = set().union(*(person.seen for person in persons))
    unseen = [word for word in WORDS if word not in seen and WORDS[word][0] != 'batch']
    print(f'# {len(persons)} persons, {sum(p.asked for p in persons)} answers, {len(WORDS)} words planted, {len(leaks)} leaks, '
          f'{len(WORDS) - len(unseen)} words seen by those who may')
    if WHOLE:
        print('# not seen by anybody:', sorted({WORDS[word][0] for word in unseen}) or 'nothing')
    print(f'{"not ok" if leaks else "ok"} 1 - no word of a unit reaches anybody out of whose scope it lies')
    met = {kind for kind, _ in WORDS.values()} - {WORDS[word][0] for word in seen}
    print(f'{"not ok" if met else "ok"} 2 - words of every kind reach those who may know them {met or ""}')
    empty = [p.login for p in persons if p.posts and not p.seen]
    print(f'{"not ok" if empty else "ok"} 3 - everybody with a post sees something {empty or ""}')
    judged = [word for p in persons if len(p.posts) == 1 for word in p.seen
              if any(not q.may_know(word) for q in persons if q.posts and q.scope and q.scope.isdisjoint(p.scope))]
    print(f'{"ok" if judged else "not ok"} 4 - the same answers, given to a neighbour, would be {len(judged)} leaks')
    print('1..4')
    return 1 if leaks or met or empty or not judged else 0


def main():
    global PATTERN
    room = pathlib.Path(tempfile.mkdtemp(prefix='wancun-crawl-'))
    server = None
    try:
        province = make_units()
        office = set_up(room, province)
        socket_path = str(room / 'socket')
        keepers = admins(office, room, socket_path)
        with open(room / 'log', 'wb') as log:
            server = subprocess.Popen([WANCUN, '-d', office, 'serve', '--listen', f'unix:{socket_path}'], stderr=log)
        while not pathlib.Path(socket_path).exists():
            time.sleep(0.1)
            assert server.poll() is None, (room / 'log').read_text()
        for keeper in keepers:
            keeper.log_in()
        persons = make_persons(keepers[0], keepers[1], socket_path)
        work_of_all(persons, province)
        PATTERN = make_pattern()
        auditor = by_post(persons, 'auditor', province)
        api = auditor.do('GET', '/api')
        ids = ids_of(auditor, persons[0])
        asking = persons + [keepers[2]] if WHOLE else persons[::3] + [persons[-2], keepers[2]]
        walk(asking, api, ids)
        return judge(asking)
    except OSError:
        said = [line for line in (room / 'log').read_text().splitlines() if '"level":"info"' not in line]
        print('# the door broke; the server:', server.poll(), *said[-5:])
        raise
    finally:
        if server:
            server.terminate()
            server.wait()
        shutil.rmtree(room)


if __name__ == '__main__':
    sys.exit(main())
