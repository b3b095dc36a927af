# The verbs of this house; the work is done by meson and by tools/.
.PHONY: all deps run test check asan cover mutate faults soak fuzz tidy fmt bench release clean

all: deps
	@tools/build

# apt packages that are missing, named in tools/packages
deps:
	@tools/deps

# from nothing to tiers.xlsx and plan.xlsx for the demonstration province, then served on this machine
run: all
	@tools/run

# everything a change must pass
test: all
	@tools/test

# the quick part of it, for every day
check:
	@tools/build && meson test -C build --no-rebuild --quiet --no-suite e2e --no-suite slow
	@tools/tidy --fast

asan:
	@tools/build asan -Db_sanitize=address,undefined -Db_lundef=false -Dfaults=true
	@meson test -C build-asan --quiet --no-suite e2e --no-suite slow --timeout-multiplier 4

# every step of the main job made to fail at every place; make test tries a sample
faults:
	@tools/build faults -Dfaults=true && meson test -C build-faults --quiet --no-suite e2e
	@python3 tests/faults/loop.py build-faults/src/app/wancun .

# 500 kills, 200 power cuts, fuzzing and the whole crawl; make test runs a slice
soak: all
	@tools/soak

cover:
	@tools/cover

# break a rule, see whether a test notices: make mutate N=200
mutate:
	@tools/mutate --sample $(or $(N),200)

# make fuzz T=xlsx S=60
fuzz:
	@tools/fuzz $(T) $(S)

tidy:
	@tools/tidy

fmt:
	@git ls-files '*.c' '*.h' | xargs clang-format -i

bench: all
	@tools/bench

# build-release/wancun-VERSION.tar.xz
release: deps
	@tools/release

clean:
	@rm -rf build build-*
