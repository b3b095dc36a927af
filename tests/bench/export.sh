# Exports of a province's values over HTTP: bytes, processor time and peak memory of the server, for some 60,000 and some 600,000
# rows; then its memory before and after a classification. The province is made once, in build/bench/export.
set -eu
ninja -C build --quiet src/app/wancun
/usr/bin/python3 tests/bench/export.py build/src/app/wancun build/bench/export
