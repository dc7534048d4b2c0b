# Making the city once, and bringing its rosters up to its present day at each start.

city=$directory/city
profiles=$directory/profiles
seed=1

# kapokctl as one of the people whose profiles lie in $profiles.
as() {
  local who=$1
  shift
  "$kapokctl_program" --profile "$profiles/$who.profile" "$@"
}

field() {  # field NAME <JSON: a value of the top level
  python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"
}

secret_of() {  # secret_of ACCOUNT: what init gave it
  python3 -c 'import json, sys
for each in json.load(open(sys.argv[1]))["accounts"]:
    if each["account"] == sys.argv[2]:
        print(each.get("password") or each.get("device_token"))' "$directory/init.json" "$1"
}

fingerprint() { field fingerprint <"$directory/init.json"; }

make_city() {
  rm -rf "${directory:?}"/{city,profiles,roster,devices.csv,init.json,people,settings,finished}
  step "making the data directory, its keys and certificate" make_directory
  step "importing districts, stations, points and lines" import_directory
  step "inventing $workers workers and importing them" import_people
  step "giving everybody an enrolled device" enrol_everybody
  printf 'workers=%s\nstation=%s\n' "$workers" "$station" >"$directory/settings"
  touch "$directory/finished"
}

make_directory() {
  "$kapokctl_program" --json init --data "$city" --practice --city-code 4401 --port "$port" \
    --operations-port $((port + 1)) --web-port $((port + 2)) >"$directory/init.json" 2>"$directory/init.words" ||
    fail "the data directory could not be made: $(tail -n 1 "$directory/init.words")"
  chmod 600 "$directory/init.json"
  start_server 1
  make_profiles
  sign_in steward steward "$(secret_of steward)"
}

import_directory() {
  local kind
  for kind in regions stations points lines; do take_in "$kind" "$repository/deploy/guangzhou/$kind.csv"; done
}

take_in() {
  as steward import "$1" "$2" | sed 's/^/   /' || fail "$2 was not taken in: the words above name its wrong rows"
}

make_people() {  # make_people DATE DAYS
  mkdir -p "$directory/roster"
  deploy/guangzhou/make-people --workers "$workers" --date "$1" --days "$2" --seed "$seed" --out "$directory/roster" \
    >"$directory/roster/words" || fail "people could not be invented: $(tail -n 1 "$directory/roster/words")"
  [ -n "$station" ] || station=$(people_pick stations)
  grep -q "^$station-01," "$directory/roster/people.csv" ||
    fail "station $station has no workers in a city of $workers: name another station, or more --workers"
  leave_station
}

# The station left for you has no roster: you take duty on the spot, and nobody else of it is rung in your stead.
leave_station() {
  python3 - "$directory/roster/shifts.csv" "$station" <<'END'
import csv, sys
path, station = sys.argv[1:]
with open(path, encoding="utf-8", newline="") as file:
    rows = list(csv.DictReader(file))
kept = []
for row in rows:
    units = [unit for unit in row["unit_codes"].split(";") if unit != station]
    if units and not row["account"].startswith(station + "-"):
        kept.append({**row, "unit_codes": ";".join(units)})
with open(path, "w", encoding="utf-8", newline="") as file:
    writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
    writer.writeheader()
    writer.writerows(kept)
END
}

city_date() {  # the city's own day: a practice clock may be ahead of the wall
  "$kapokctl_program" --profile "$city/client.profile" --json health | field now | cut -c1-10
}

import_people() {
  make_people "$(city_date)" 1
  take_in people "$directory/roster/people.csv"
  take_in patches "$directory/roster/patches.csv"
}

enrol_everybody() {
  stop_server
  "$kapokctl_program" worker enrol-devices --all --data "$city" --out "$directory/devices.csv" \
    >"$directory/words" 2>&1 || fail "devices could not be enrolled: $(tail -n 1 "$directory/words")"
  printf '   %d devices\n' $(($(wc -l <"$directory/devices.csv") - 1))
  start_server "$factor"
}

start_again() {
  local made_workers
  made_workers=$(sed -n 's/^workers=//p' "$directory/settings")
  [ "$workers" = 1000 ] || [ "$workers" = "$made_workers" ] ||
    fail "this city has $made_workers workers: start it without --workers, or make another with --dir"
  workers=$made_workers
  station=$(sed -n 's/^station=//p' "$directory/settings")
  sed -i -e "/^\[listen\]/,/^\[/s/^port = .*/port = $port/" -e "/^\[operations\]/,/^\[/s/^port = .*/port = $((port + 1))/" \
    -e "/^\[web\]/,/^\[/s/^port = .*/port = $((port + 2))/" \
    "$city/kapokd.toml"
  start_server "$factor"
  make_profiles
  sign_in steward steward "$(secret_of steward)"
}

# The same person and instants are taken once, so days that are there already change nothing.
import_rosters() {
  local days=$((2 + factor)) most=$((200000 / workers))  # a file of at most 8 MiB
  [ "$days" -le "$most" ] || days=$most
  make_people "$(city_date)" "$((days > 62 ? 62 : days))"
  take_in shifts "$directory/roster/shifts.csv"
}
