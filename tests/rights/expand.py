"""Write what follows from the tables of routes.txt: its own matrix, and text.txt; without --write, only compare."""
import pathlib
import sys

FOLDER = pathlib.Path(__file__).resolve().parent
END = '# What follows from the tables.\n'
LEVELS = ['province', 'city', 'county', 'township', 'village']
POSTS = {'programme_office': LEVELS[:3], 'secretary': LEVELS[:3], 'bureau': LEVELS[:3], 'township': ['township'],
         'village': ['village'], 'inspector': LEVELS[:3], 'auditor': LEVELS[:3]}
ADMINS = ['system_admin', 'security_admin', 'audit_admin']
AT_ROOT = 'programme_office@province'
TEXT_HEAD = '''\
# What docs/rights.md says, cell by cell: yes, no (in sight, but not allowed), hidden (as if it were not there), - (there is no
# such place). A county post stands at one county: own is that county, below a village in it, above its city, beside the next county,
# office the office as a whole (accounts, posts, the system); administrators stand at no unit, and see units from nowhere. Read from
# the page alone, without the program or an earlier reading; written by expand.py from the table of rights in routes.txt.
'''


def sees_as_trace(actor, right):
    """Whether this is the one right that an administrator has at units: the audit administrator reads the trace everywhere."""
    return actor == 'audit_admin' and right == 'trace'


def named(actor, rights, holders):
    """Allowed or denied: whether the actor has one of the rights, no matter where."""
    if actor == 'token_read':
        return 'allowed' if 'read' in rights else 'denied'
    return 'allowed' if any(actor.split('@')[0] in holders[right] for right in rights) else 'denied'


def at_unit(actor, place, rights, holders):
    """At a unit or a thing of one: rules 2 to 4."""
    if actor in ADMINS:
        return 'allowed' if any(sees_as_trace(actor, right) for right in rights) else 'missing'
    return 'missing' if place in ('above', 'beside') else named(actor, rights, holders)


def at_run(actor, place, rights, holders):
    """At a run or notice: as at a unit, but from below it is in sight (rule 5)."""
    if place == 'above' and actor not in ADMINS:
        return named(actor, rights, holders) if rights == ['read'] else 'denied'
    return at_unit(actor, place, rights, holders)


def at_decision(actor, place, rights, holders):
    """At a proposal: as at a unit, but a token is turned away before the unit is looked at (rule 8)."""
    return 'denied' if actor == 'token_read' else at_unit(actor, place, rights, holders)


def at_list(actor, _, rights, holders):
    """A list, or the whole for whoever has the right anywhere: rule 6."""
    return named(actor, rights, holders)


def at_office(actor, _, rights, holders):
    """The whole office, by its administrators: rule 7."""
    return named(actor, rights, holders) if actor in ADMINS else 'denied'


def at_root(actor, _, rights, holders):
    """The whole office, by a right over data held at the topmost unit: rule 7."""
    return named(actor, rights, holders) if actor == AT_ROOT else 'denied'


def at_row(actor, place, rights, holders):
    """At a unit that a row of a file names: the right before the row (rule 10)."""
    has = named(actor, rights, holders) == 'allowed'
    return at_unit(actor, place, rights, holders) if has else 'denied'


def by_person(actor, *_):
    """Oneself: rule 8."""
    return 'denied' if actor == 'token_read' else 'allowed'


UNITS = ['own', 'below', 'beside', 'above']
ABOUT = {'unit': (at_unit, UNITS), 'run': (at_run, UNITS), 'decide': (at_decision, UNITS), 'file': (at_row, UNITS),
         'list': (at_list, ['own']),
         'whole': (at_list, ['office']), 'office': (at_office, ['office']), 'root': (at_root, ['office']),
         'person': (by_person, ['office']), 'everybody': (lambda *_: 'allowed', ['office'])}


def rows(about, rights, holders):
    """Every actor, place and outcome of what a route is about; several are parted by strokes, and so are their rights."""
    for kind, needed in zip(about.split('/'), rights.split('/'), strict=True):
        outcome, places = ABOUT[kind]
        for actor in [*POSTS, *ADMINS, 'nobody', 'token_read', *([AT_ROOT] if kind == 'root' else [])]:
            for place in places:
                if (actor, place) != ('village', 'below'):
                    login = actor == 'nobody' and kind != 'everybody'
                    yield actor, place, 'login' if login else outcome(actor, place, needed.split(), holders)


def cells(post, level, right, holders):
    """The cells of one line of text.txt."""
    if post in ADMINS:
        unit = 'yes' if sees_as_trace(post, right) else 'hidden'
        return [unit, unit, unit, unit, 'yes' if post in holders[right] else 'no']
    has = post in holders[right] and (right != 'programme' or level == 'province')
    own = 'yes' if has else 'no'
    below = 'no' if right == 'programme' else own
    out = '-' if level == 'province' else 'hidden'
    return [own, '-' if level == 'village' else below, out, out, 'no']


def text(holders):
    """The whole of text.txt."""
    line = '{:<27}{:<11}{:<8}{:<8}{:<8}{:<8}{}\n'.format
    whole = TEXT_HEAD + line('post', 'right', 'own', 'below', 'above', 'beside', 'office')
    for post, levels in [*POSTS.items(), *((admin, [None]) for admin in ADMINS)]:
        for level in levels:
            name = f'{post}@{level}' if level else post.removesuffix('_admin')
            whole += ''.join(line(name, right, *cells(post, level, right, holders)) for right in holders)
    return whole


def routes(head, holders):
    """The whole of routes.txt: its tables, and what follows from them."""
    whole = head + END
    for line in head.splitlines():
        if line.startswith('#route\t'):
            _, route, about, rights, _ = line.split('\t')
            whole += ''.join(f'{route}\t{actor}\t{place}\t{outcome}\n' for actor, place, outcome in rows(about, rights, holders))
    return whole


def main():
    head = (FOLDER / 'routes.txt').read_text().partition(END)[0]
    holders = {right: who.split() for _, right, who in
               (line.split('\t') for line in head.splitlines() if line.startswith('#right\t'))}
    stale = 0
    for name, whole in (('routes.txt', routes(head, holders)), ('text.txt', text(holders))):
        path = FOLDER / name
        if '--write' in sys.argv[1:]:
            path.write_text(whole)
        elif not path.exists() or path.read_text() != whole:
            stale = 1
            print(f'tests/rights/{name} does not follow from the tables of routes.txt: run tests/rights/expand.py --write')
    return stale


if __name__ == '__main__':
    sys.exit(main())
