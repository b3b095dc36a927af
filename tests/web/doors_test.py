"""Every command of the office has a route, or a reason in src/web/README.md why it has none."""
import pathlib
import re
import sys

SOURCE = pathlib.Path(sys.argv[1])



def main():
    table = ''.join(path.read_text() for path in sorted((SOURCE / 'src/act').glob('commands*.c')))
    commands = set(re.findall(r'^    \{"([a-z]+(?: [a-z]+)?)",$', table, re.M))
    routes = (SOURCE / 'src/web/routes.c').read_text()
    routed = set(re.findall(r'(?:ROUTE|LONG)\(HTTP_[A-Z]+, "[^"]+",\s*"([^"]+)"', routes))
    readme = (SOURCE / 'src/web/README.md').read_text().partition('## Only at the command line\n')[2].partition('\n## ')[0]
    excused = set(re.findall(r'^\| `([^`]+)` \| .{10,} \|$', readme, re.M))
    faults = [f'{name}: neither a route nor a reason in src/web/README.md' for name in sorted(commands - routed - excused)]
    faults += [f'{name}: a route and a reason why there is none' for name in sorted(routed & excused)]
    faults += [f'{name}: no such command' for name in sorted((routed | excused) - commands)]
    print('\n'.join(faults) or f'{len(routed)} commands with a route, {len(excused)} with a reason')
    return 1 if faults or len(commands) < 40 else 0


if __name__ == '__main__':
    sys.exit(main())
