"""The schematic map over HTTP, with GDAL as the client: as many features as the register has units, boxes and pages, the
same answer as a plain request gets, tiles; what is refused; and that nobody sees more than his own units, in no answer.

map_test.py WANCUN SOURCE"""
import json
import math
import pathlib
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

WANCUN, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2])
PROGRAMME = SOURCE / 'programmes' / 'example-province'
LEVELS = ['province', 'city', 'county', 'township', 'village']
VIEW = 'period=2024&indicator=PS04,DF08'
NOTICE = '示意图，非实际边界'
RETRY = ['--config', 'GDAL_HTTP_MAX_RETRY', '9', '--config', 'GDAL_HTTP_RETRY_DELAY', '1']
count = failed = 0


def check(name, is_right, seen=''):
    global count, failed
    count += 1
    failed += not is_right
    print(f'{"ok" if is_right else "not ok"} {count} - {name}')
    if not is_right:
        print(f'# {str(seen)[:300]}')


try:
    from osgeo import gdal, ogr, osr
    gdal.UseExceptions()
    gdal.SetConfigOption('GDAL_HTTP_MAX_RETRY', '9')
    gdal.SetConfigOption('GDAL_HTTP_RETRY_DELAY', '1')
    missing = [name for name in ('OAPIF', 'MVT', 'GeoJSON') if ogr.GetDriverByName(name) is None]
except ImportError:
    missing = ['python3-gdal']
if missing:
    print(f'1..0 # SKIP GDAL lacks {", ".join(missing)}')
    sys.exit(0)


def run(*words, office=None):
    done = subprocess.run([WANCUN, '--lang', 'en', *(['-d', str(office)] if office else []), *words], capture_output=True, text=True)
    assert done.returncode == 0, f'{words}: {done.stderr}'
    return done.stdout


def token(office, login, post, unit):
    """A program's token of somebody who holds that post there."""
    run('user', 'add', login, '--name', login, office=office)
    secret = office.parent / 'password'
    secret.write_text('quiet-lantern-73\n')
    run('user', 'password', login, '--from-file', str(secret), office=office)
    run('user', 'post', login, post, '--unit', unit, office=office)
    shown = json.loads(run('--json', 'user', 'token', login, '--purpose', 'map', '--rights', 'read', '--days', '5', office=office))
    return shown['rows'][0]['secret']


class Client:
    def __init__(self, address, secret):
        self.address, self.secret, self.opened = address, secret, []

    def ask(self, path, **heads):
        """Status, headers, bytes."""
        heads = {'Authorization': f'Bearer {self.secret}', **heads} if self.secret else heads
        request = urllib.request.Request(self.address + path, headers=heads)
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as refused:
            if refused.code == 429:  # faster than a session may ask: as it says
                time.sleep(int(refused.headers['Retry-After']))
                return self.ask(path, **heads)
            return refused.code, refused.headers, refused.read()

    def status(self, path):
        return self.ask(path)[0]

    def json(self, path, **heads):
        status, _, body = self.ask(path, **heads)
        assert status == 200, (path, status, body[:300])
        return json.loads(body)

    def items(self, level, query=''):
        return self.json(f'/api/map/collections/{level}/items?limit=10000&{query}')['features']

    def gdal(self, query='', **options):
        gdal.SetConfigOption('GDAL_HTTP_HEADERS', f'Authorization: Bearer {self.secret}')
        # a layer lives no longer than what it is of, which is why that is kept
        self.opened.append(gdal.OpenEx(f'OAPIF:{self.address}/api/map{query}', gdal.OF_VECTOR,
                                       open_options=[f'{name}={value}' for name, value in options.items()]))
        return self.opened[-1]

    def tile(self, z, x, y, query=''):
        return self.ask(f'/api/map/tiles/{z}/{x}/{y}.mvt{query}')


def tile_of(z, lon, lat):
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2
    return math.floor((lon + 180) / 360 * 2**z), math.floor(y * 2**z)


def middle(feature):
    ring = feature['geometry']['coordinates'][0][:-1]
    return sum(p[0] for p in ring) / len(ring), sum(p[1] for p in ring) / len(ring)


def read_tile(body, room, at):
    """Layers of the tile by GDAL: {level: {code: feature}}."""
    path = pathlib.Path(room, f'{at[0]}-{at[1]}-{at[2]}.mvt')
    path.write_bytes(body)
    # the driver learns from its path where a tile lies
    folder = pathlib.Path(room, 'tiles', str(at[0]), str(at[1]))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f'{at[2]}.mvt').write_bytes(body)
    tiles = gdal.OpenEx(f'MVT:{folder / str(at[2])}.mvt', gdal.OF_VECTOR)
    layers = {}
    for i in range(tiles.GetLayerCount()):
        layer = tiles.GetLayer(i)
        layers[layer.GetName()] = {feature['code']: (feature.ExportToJson(as_object=True), feature.geometry().Clone())
                                   for feature in layer}
    return layers


def pages(client):
    landing = client.json('/api/map')
    rels = {link['rel']: link['href'] for link in landing['links']}
    check('begins with a page that leads on', {'self', 'service-desc', 'conformance', 'data'} <= set(rels), rels)
    check('whose links are whole addresses that answer',
          all(client.status(href.removeprefix(client.address)) == 200 for href in rels.values()), rels)
    check('says that it is schematic', NOTICE in json.dumps(client.json('/api/map', **{'Accept-Language': 'zh'}), ensure_ascii=False))
    classes = client.json('/api/map/conformance')['conformsTo']
    check('conforms to core and GeoJSON', [name.split('/conf/')[1] for name in classes] == ['core', 'geojson'], classes)
    collections = client.json('/api/map/collections')['collections']
    check('has a collection a level', [one['id'] for one in collections] == LEVELS, collections)
    one = client.json('/api/map/collections/village')
    check('each alone as in the list', one == collections[-1], one)
    check('with links to its features and their types', {link['rel'] for link in one['links']} >= {'self', 'items', 'describedBy'}, one)
    tilejson = client.json('/api/map/tiles')
    check('TileJSON names the layers', [layer['id'] for layer in tilejson['vector_layers']] == LEVELS, tilejson)
    check('and puts on the picture what it is', NOTICE in client.json('/api/map/tiles', **{'Accept-Language': 'zh'})['attribution'])
    check('higher levels come first', sorted(zooms := [layer['minzoom'] for layer in tilejson['vector_layers']]) == zooms, zooms)


def features(client, register):
    source = client.gdal()
    for level in LEVELS:
        layer = source.GetLayerByName(level)
        check(f'GDAL counts as many of level {level} as the register', layer.GetFeatureCount() == len(register[level]),
              (layer.GetFeatureCount(), len(register[level])))
    read = {feature['code']: feature for feature in client.gdal('', PAGE_SIZE=7).GetLayerByName('village')}
    check('GDAL reads all of them, seven at a time', set(read) == set(register['village']), len(read))
    own = {one['id']: one for one in client.items('village')}
    check('with the names of the register', all(read[code]['name'] == name for code, name in register['village'].items()))
    check('and the places and words of a plain request',
          all(json.loads(read[code].geometry().ExportToJson()) == own[code]['geometry'] and
              read[code]['notice'] == own[code]['properties']['notice'] for code in own))
    inside = ogr.CreateGeometryFromJson(json.dumps(client.items('county')[0]['geometry'])).Buffer(1e-9)
    check('villages lie in their county', all(inside.Contains(one.geometry()) for one in read.values()))
    land = [one.geometry() for one in read.values()]
    whole = ogr.CreateGeometryFromJson(json.dumps(client.items('province')[0]['geometry']))
    check('and fill the province without overlap', abs(sum(one.Area() for one in land) / whole.Area() - 1) < 1e-9)
    check('all of it is valid', whole.IsValid() and all(one.IsValid() for one in land))


def boxes(client):
    rings = {one['id']: ogr.CreateGeometryFromJson(json.dumps(one['geometry'])) for one in client.items('township')}
    west, east, south, north = whole(client)
    for i, part in enumerate(((.1, .1, .4, .5), (.45, .2, .5, .9), (.6, .6, .601, .601), (-1, -1, 2, 2), (1.2, 1.2, 2, 2))):
        box = (west + part[0] * (east - west), south + part[1] * (north - south),
               west + part[2] * (east - west), south + part[3] * (north - south))
        square = ogr.CreateGeometryFromWkt('POLYGON (({0} {1},{2} {1},{2} {3},{0} {3},{0} {1}))'.format(*box))
        wanted = {code for code, ring in rings.items() if ring.Intersects(square)}
        layer = client.gdal().GetLayerByName('township')
        layer.SetSpatialFilterRect(*box)
        by_gdal = {feature['code'] for feature in layer}
        query = 'bbox=' + ','.join(f'{x:.9f}' for x in box)
        check(f'box {i}: what it meets, and nothing else', {one['id'] for one in client.items('township', query)} == wanted, box)
        check(f'box {i}: the same by GDAL', by_gdal == wanted, by_gdal ^ wanted)
    over = client.items('township', f'bbox=170,-10,{east},10')
    check('a box over the 180th degree', {one['id'] for one in over} == set(rings), len(over))
    check('a box with heights', len(client.items('township', 'bbox=-10,-10,0,10,10,9')) == len(rings))


def whole(client):
    return client.gdal().GetLayerByName('province').GetExtent()


def pages_of_features(client, register):
    got, path, rounds = [], '/api/map/collections/village/items?limit=100&' + VIEW, 0
    while path:
        page = client.json(path)
        got += [one['id'] for one in page['features']]
        check(f'page {rounds} says how many there are', page['numberMatched'] == len(register['village']) and
              page['numberReturned'] == len(page['features']) <= 100, page['numberMatched'])
        following = [link['href'] for link in page['links'] if link['rel'] == 'next']
        path = following[0].removeprefix(client.address) if following else None
        rounds += 1
    check('pages together are all, each once', sorted(got) == sorted(register['village']) and rounds == -(-len(got) // 100), rounds)
    beyond = client.json('/api/map/collections/village/items?offset=100000')
    check('beyond the end there is nothing', beyond['features'] == [] and beyond['numberReturned'] == 0)
    times = {when: client.json(f'/api/map/collections/county/items?datetime={when}')['numberMatched']
             for when in ('2024-01-01', '2024-01-01T00:00:00Z', '../2024-01-01', '2024-01-01/..')}
    check('any time fits units, which have none', set(times.values()) == {1}, times)


def values(client, office):
    layer = client.gdal('?' + VIEW).GetLayerByName('township')
    types = {layer.GetLayerDefn().GetFieldDefn(i).GetName(): layer.GetLayerDefn().GetFieldDefn(i).GetTypeName()
             for i in range(layer.GetLayerDefn().GetFieldCount())}
    check('GDAL knows the type of every indicator', (types['PS04'], types['PS04_known'], types['DF08']) == ('Integer', 'Integer', 'Real'), types)
    unit = run('--json', 'rollup', '--period', '2024', '--indicator', 'PS04,DF08', '--unit', next(iter(layer))['parent'], office=office)
    rolled = {(row['code'], row['indicator']): row for row in json.loads(unit)['rows']}
    wrong = [(one['code'], name) for one in layer for name in ('PS04', 'DF08')
             if (row := rolled[one['code'], name]) and
             (one[f'{name}_known'], one[f'{name}_of']) != (row['known'], row['of']) or
             (row['known'] and abs(one[name] - float(row['value'])) > 1e-9)]
    check('values and coverage are those of the roll-up', len(rolled) > 20 and not wrong, wrong)
    villages = client.items('village', VIEW)
    counts = {}
    for one in villages:
        has = one['properties']
        key = has['parent'], has['tier']
        counts[key] = counts.get(key, 0) + 1
        assert has['tier'] is None or has['tier_approved'], has
    wrong = [(code, tier) for (code, tier), n in counts.items() if tier and one_of(client, code)[f'count_{tier}'] != n]
    tiers = {tier for _, tier in counts}
    check('tiers are those of the approved run, townships count theirs', tiers >= {'exemplary', 'upgrade', 'remediation'} and not wrong, wrong)


def one_of(client, code):
    if not hasattr(client, 'townships'):
        client.townships = {one['id']: one['properties'] for one in client.items('township')}
    return client.townships[code]


def tiles(client, register, room):
    villages = {one['id']: one for one in client.items('village', VIEW)}
    to_degrees = osr.CoordinateTransformation(*(lambda a, b: (a, b))(*[reference(n) for n in (3857, 4326)]))
    z, seen, area = 13, {}, 0.0
    west, east, south, north = whole(client)
    (x0, y0), (x1, y1) = tile_of(z, west, north), tile_of(z, east, south)
    for x in range(x0, x1 + 1):
        for y in range(y0, y1 + 1):
            status, heads, body = client.tile(z, x, y, '?' + VIEW)
            if not body:
                continue
            assert heads['Content-Type'] == 'application/vnd.mapbox-vector-tile', heads
            for code, (feature, shape) in read_tile(body, room, (z, x, y)).get('village', {}).items():
                shape.Transform(to_degrees)
                seen.setdefault(code, []).append((feature['properties'], shape))
    check('tiles together hold every village', set(seen) == set(register['village']), len(seen))
    wrong = [code for code, parts in seen.items() if not all(
        same(part, villages[code]['properties']) for part, _ in parts)]
    check('with what the features say, by GDAL', not wrong, wrong[:3])
    for code, parts in seen.items():
        shape = ogr.CreateGeometryFromJson(json.dumps(villages[code]['geometry']))
        union = parts[0][1]
        for _, part in parts[1:]:
            union = union.Union(part)
        area = max(area, union.SymDifference(shape).Area() / shape.Area())
    check('where the features lie, to a few hundredths of their area', area < 0.08, area)
    low = client.tile(8, *tile_of(8, (west + east) / 2, (south + north) / 2))[2]
    layers = read_tile(low, room, (8, *tile_of(8, (west + east) / 2, (south + north) / 2)))
    check('from far away there are no villages', 'village' not in layers and 'county' in layers, list(layers))
    check('nor many bytes', len(low) < 30000, len(low))
    check('where nothing lies a tile is empty', client.tile(8, 3, 3)[0] == 200 and client.tile(8, 3, 3)[2] == b'')


def reference(epsg):
    system = osr.SpatialReference()
    system.ImportFromEPSG(epsg)
    system.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return system


def same(part, wanted):
    """A tile leaves out what is not known, and GDAL reads yes as 1."""
    known = {key: value for key, value in wanted.items() if value is not None}
    return all(abs(part[key] - value) < 1e-9 if isinstance(value, float) else part[key] == value for key, value in known.items())


def refusals(client, anybody):
    items = '/api/map/collections/village/items'
    check('asks whoever is unknown to log in', {anybody.status(path) for path in (
        '/api/map', '/api/map/collections', items, '/api/map/tiles', '/api/map/tiles/8/127/128.mvt')} == {401})
    bad = ['bbox=1,2,3', 'bbox=1,2,3,x', 'bbox=0,5,1,4', 'bbox=0,0,nan,1', 'bbox=0,-91,1,0', 'bbox=', 'limit=0', 'limit=x', 'limit=-1',
           'offset=-1', 'datetime=tomorrow', 'colour=red', 'period=2024&indicator=NONE1', 'indicator=PS04', 'period=20x4',
           'period=2024&indicator=' + ','.join(['PS04'] * 9)]
    seen = {query: client.status(f'{items}?{query}') for query in bad}
    check('answers 400 to what is wrong with a request', set(seen.values()) == {400}, seen)
    seen = {path: client.status('/api/map' + path) for path in (
        '/collections/hamlet', '/collections/hamlet/items', '/collections/village/items/1', '/collections/county/items/990101200201',
        '/tiles/8/256/0.mvt', '/tiles/17/0/0.mvt', '/tiles/8/1/1', '/tiles/8/1/1.png', '/tiles/x/1/1.mvt', '/tiles/8/-1/1.mvt')}
    check('and 404 to what is not there', set(seen.values()) == {404}, seen)
    check('a long list is cut to its limit', client.status(items + '?limit=99999999') == 200)


def keeping(client):
    path = '/api/map/collections/township/items?' + VIEW
    _, heads, body = client.ask(path)
    status, again, rest = client.ask(path, **{'If-None-Match': f'W/"other", {heads["ETag"]}'})
    check('what is known is not sent again', (status, rest, again['ETag']) == (304, b'', heads['ETag']), status)
    others = {client.ask(path + more)[1]['ETag'] for more in ('', '&limit=5', '&bbox=0,0,1,1', '&lang=en')}
    check('every answer has a name of its own', len(others) == 4, others)
    check('answers are for who asked alone', 'private' in heads['Cache-Control'], heads['Cache-Control'])


def scope(client, own, township, register, room):
    """Who stands at a township sees it and what is in it, and in no answer a word of anything else."""
    mine = {one['id'] for one in client.items('village') if one['properties']['parent'] == township}
    seen = {level: {one['id'] for one in own.items(level, VIEW)} for level in LEVELS}
    check('a township sees its villages and itself',
          seen == {'province': set(), 'city': set(), 'county': set(), 'township': {township}, 'village': mine}, seen)
    check('GDAL counts those alone', own.gdal().GetLayerByName('village').GetFeatureCount() == len(mine))
    west, east, south, north = whole(client)
    middle_of_all = (west + east) / 2, (south + north) / 2
    own_names = {register['village'][code] for code in mine} | {register['township'][township]}
    words = [(code, name if name not in own_names else code) for level in LEVELS for code, name in register[level].items()
             if code not in mine | {township}]
    answers = [own.ask(path)[2] for path in ('/api/map', '/api/map/collections', '/api/map/tiles', '/api/map/collections/county',
               '/api/map/collections/village/schema', '/api/map/collections/village/items?limit=10000&' + VIEW,
               f'/api/map/collections/township/items/{township}')]
    for z in (5, 8, 10, 11, 12, 13):
        x, y = tile_of(z, *middle_of_all)
        answers += [own.tile(z, x + i, y + k, '?' + VIEW)[2] for i in (-1, 0, 1) for k in (-1, 0, 1)]
    told = sum(code.encode() in answer or f'"{name}"'.encode() in answer for answer in answers for code, name in words)
    check('no answer and no tile has a code or name of anybody else', told == 0, told)
    one = own.json(f'/api/map/collections/township/items/{township}')
    check('nor of the county above', one['properties']['parent'] is None, one['properties'])
    other = next(code for code in register['village'] if code not in mine)
    hidden, absent = own.ask(f'/api/map/collections/village/items/{other}'), own.ask('/api/map/collections/village/items/990101999999')
    plain = [re.sub(r'\d{12}|"request":"\d+"', '', body.decode()) for _, _, body in (hidden, absent)]
    check('what is beside is answered as what is not there', hidden[0] == absent[0] == 404 and plain[0] == plain[1], plain)
    place = {one['id']: one['geometry'] for one in client.items('village')}
    check('units lie where they lie for everybody', all(place[one['id']] == one['geometry'] for one in own.items('village')))
    box = next(link for link in own.json('/api/map/collections')['collections'] if link['id'] == 'county')
    check('of a level without units in sight not even the extent is told', 'extent' not in box, box)
    etags = {client.ask('/api/map/collections')[1]['ETag'], own.ask('/api/map/collections')[1]['ETag']}
    check('and its answers are known by other names', len(etags) == 2)


def by_command(client, room):
    """ogrinfo and ogr2ogr as somebody types them."""
    heads = f'Authorization: Bearer {client.secret}'
    told = subprocess.run(['ogrinfo', *RETRY, '--config', 'GDAL_HTTP_HEADERS', heads, '-ro', '-so', f'OAPIF:{client.address}/api/map', 'township'],
                          capture_output=True, text=True)
    check('ogrinfo opens it', told.returncode == 0 and 'ERROR' not in told.stderr and 'Feature Count: 16' in told.stdout, told.stdout + told.stderr)
    target = pathlib.Path(room, 'township.geojson')
    told = subprocess.run(['ogr2ogr', *RETRY, '--config', 'GDAL_HTTP_HEADERS', heads, '-f', 'GeoJSON', str(target),
                           f'OAPIF:{client.address}/api/map?{VIEW}', 'township'], capture_output=True, text=True)
    wanted = {one['id']: one for one in client.items('township', VIEW)}
    got = {one['properties']['code']: one for one in json.loads(target.read_text())['features']} if target.exists() else {}
    check('ogr2ogr makes the same GeoJSON of it', got.keys() == wanted.keys() and all(
        got[code]['geometry'] == wanted[code]['geometry'] and got[code]['properties']['PS04'] == wanted[code]['properties']['PS04']
        for code in got), told.stderr)


def serve(office):
    server = subprocess.Popen([WANCUN, '--lang', 'en', '-d', str(office), 'serve', '--listen', '127.0.0.1:0', '--log', 'error'],
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    for line in server.stderr:
        found = re.search(r'http://[0-9.:]+', line)
        if found:
            return server, found[0]
    raise SystemExit('the server did not start')


def main():
    room = tempfile.mkdtemp()
    office = pathlib.Path(room, 'office')
    run('-q', 'demo', room, '--size', 'county', '--programme', str(PROGRAMME))
    runs = json.loads(run('--json', 'runs', 'list', office=office))
    tier_run = next(str(row['run']) for row in runs['rows'] if row['kind'] == 'tier')
    run('approve', tier_run, '--resolution', 'council', '--on', '2025-01-20', '--minutes', 'No. 3', office=office)
    with sqlite3.connect(office / 'wancun.db') as database:
        last = database.execute('SELECT max(as_of) FROM register').fetchone()[0]
        rows = database.execute('SELECT level, code, name FROM unit_span WHERE from_day <= ? AND ? < to_day', (last, last)).fetchall()
    register = {level: {} for level in LEVELS}
    for level, code, name in rows:
        register[level][code] = name
    township = sorted(register['township'])[5]
    secrets = [token(office, 'map.office', 'programme_office', next(iter(register['province']))),
               token(office, 'map.clerk', 'township', township)]
    server, address = serve(office)
    try:
        client, own = (Client(address, secret) for secret in secrets)
        pages(client)
        features(client, register)
        boxes(client)
        pages_of_features(client, register)
        values(client, office)
        tiles(client, register, room)
        refusals(client, Client(address, None))
        keeping(client)
        scope(client, own, township, register, room)
        by_command(client, room)
    finally:
        server.terminate()
        server.wait(timeout=30)
        subprocess.run(['rm', '-rf', room], check=False)
    print(f'1..{count}')
    sys.exit(1 if failed else 0)


main()
