#!/bin/sh
# The main job of another country (programmes/example-highland): other levels, four tiers, other
# funds, miles, acres and coins of a thousandth. All files are invented; highland.py makes them and
# reckons the figures a second time.
#   highland_job.sh SOURCE WANCUN
set -u
source=$1
wancun=$2
room=$(mktemp -d)
office=$room/office
trap 'rm -rf "$room"' EXIT

. "$source/tests/demo/checks.sh"
newest() { on --json runs list | tr '{' '\n' | grep "\"$1\"" | head -1 | sed 's/.*"run":"\([0-9]*\)".*/\1/'; }

python3 "$source/tests/demo/highland.py" make "$room" || exit 1
check 'checks the definition' 0 "$wancun" --lang en programme check "$source/programmes/example-highland"
check 'makes a data directory' 0 "$wancun" --lang en init "$office" --programme "$source/programmes/example-highland"
check 'imports the register' 0 on import register "$room/register.csv" --as-of 2024-06-30
says 'counts its units' '209 units'
for year in 2024 2025 2026; do
    check "imports four districts' returns of $year" 0 on import ledger "$room"/ledger-$year-*.csv --period $year
    says 'passes over rows of totals' '1 rows of totals'
done
check "imports the districts' own facts" 0 \
    on import ledger "$room/districts-2025.csv" --period 2025 --level district
check 'rolls up' 0 on --json rollup --period 2025 --indicator PEOPLE,SPRING,EARNINGS
cp "$room/out" "$room/rollup.json"

check 'classifies 2024' 0 on --json classify --period 2024 --draws 1000
cp "$room/out" "$room/tiers-2024.json"
first=$(newest tier)
check 'approves 2024' 0 on approve "$first" --resolution 'Invented council, 2025-02-01, minutes 3'
check 'classifies 2025' 0 on --json classify --period 2025 --draws 1000
cp "$room/out" "$room/tiers-2025.json"
second=$(newest tier)
check 'compares the two' 0 on runs compare "$first" "$second"
says 'names tiers as the programme does' 'X Rising'

# The third year holds on to the last year that was approved, and to nothing else.
check 'classifies 2026 before 2025 is approved' 0 on --json classify --period 2026 --draws 0
cp "$room/out" "$room/tiers-2026-early.json"
check 'approves 2025' 0 on approve "$second" --resolution 'Invented council, 2026-02-03, minutes 1'
check 'classifies 2026' 0 on --json classify --period 2026 --draws 0
cp "$room/out" "$room/tiers-2026.json"
third=$(newest tier)
check 'tells who moved and why' 0 on --json runs compare "$second" "$third"
cp "$room/out" "$room/compared.json"
patient=$(tr '{' '\n' <"$room/tiers-2026.json" | grep '"tier":"patient"' | head -1 | cut -d'"' -f4)
check 'fixes a tier by decision' 0 on override tier "$patient" beacon --reason 'Invented council, minutes 2'
check 'classifies 2026 again' 0 on classify --period 2026 --draws 0
check 'tells a decision from a score' 0 on --json runs compare "$third" "$(newest tier)"
cp "$room/out" "$room/decided.json"
check 'takes the decision back' 0 on override tier "$patient" none --reason 'Invented council, minutes 3'
check 'classifies 2025 for the plan' 0 on classify --period 2025 --draws 0

check 'plans two years' 0 on --json plan --years 2026-2027 --funds "$room/funds.yaml" --seconds 1
cp "$room/out" "$room/plan.json"
check 'explains a tier' 0 on explain tier 70101101
says 'parts the names of a path' 'District / '
says 'explains with the words of the programme' 'Homes with safe water'
check 'explains a plan' 0 on explain plan 70101100
check 'explains a value' 0 on explain value 70101100 PER_HOME --period 2025
says 'shows the formula' 'Inhabitants / Homes'
check 'exports a ledger' 0 on export ledger --period 2025 --unit 702 -o "$room/form.xlsx"
check 'takes it back' 0 on import ledger "$room/form.xlsx" --period 2025
says 'and it changes nothing' 'changes nothing'
check 'lists what was taken in' 0 on import list
check 'is whole' 0 on doctor

number=$((number + 1))
if LC_ALL=C.UTF-8 grep -lP '\p{Han}' "$room"/*.json "$room/out"; then
    failed=$((failed + 1))
    echo "not ok $number - nothing of another country's language is said"
else
    echo "ok $number - nothing of another country's language is said"
fi

python3 "$source/tests/demo/highland.py" check "$room" >"$room/reckoned"
failed=$((failed + $?))
grep -v '^1\.\.' "$room/reckoned" | sed "s/^\(ok\|not ok\) [0-9]* -/\1 -/"
number=$((number + $(grep -cE '^(ok|not ok) ' "$room/reckoned")))
echo "1..$number"
[ "$failed" = 0 ]
