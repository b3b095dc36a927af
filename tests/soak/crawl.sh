#!/bin/sh
# The crawl of the interface as a whole: everybody asks for everything.
#   crawl.sh SOURCE WANCUN
exec /usr/bin/python3 "$1/tests/web/crawl.py" "$1" "$2" --whole
