"""Run a command; meanwhile the process must not take more than so many KiB of its own memory on top of what it has.
    peak.py PID KIB COMMAND…"""
import subprocess
import sys
import time


def own(pid):
    with open(f'/proc/{pid}/status', encoding='ascii') as status:
        return int(next(line for line in status if line.startswith('RssAnon')).split()[1])


pid, room = sys.argv[1], int(sys.argv[2])
before = peak = own(pid)
with subprocess.Popen(sys.argv[3:]) as child:
    while child.poll() is None:
        peak = max(peak, own(pid))
        time.sleep(0.002)
print(f'{before} KiB before, {peak} KiB at most')
assert child.returncode == 0, child.returncode
assert peak < before + room, (before, peak)
