# The people you can be, and how to.

roles=(worker lead neighbour supervisor centre)
account_of() {
  case "$1" in
    worker) echo "$station-01" ;;
    lead) echo "$station-lead" ;;
    neighbour) echo "$(people_pick neighbour)-lead" ;;
    supervisor) supervisor_of "$station" ;;
    centre) echo centre-1 ;;
  esac
}

# people_pick stations: the first station with workers and a trunk line, to be left for you.
# people_pick neighbour: another one with workers, of the same supervisor's patch if there is one.
people_pick() {
  python3 - "$1" "$station" "$directory/roster" deploy/guangzhou/lines.csv <<'END'
import csv, sys
what, station, roster, lines = sys.argv[1:]
def rows(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
staffed = sorted(row["account"][:9] for row in rows(roster + "/people.csv") if row["account"].endswith("-01") and row["unit_code"] != "4401")
ringing = {row["unit_code"] for row in rows(lines) if row["mode"] == "trunk"}
patch = {row["station_code"]: row["supervisor_account"] for row in rows(roster + "/patches.csv")}
if what == "stations":
    print(next(code for code in staffed if code in ringing))
else:
    others = [code for code in staffed if code != station]
    print(min(others, key=lambda code: (patch[code] != patch[station], code)))
END
}

supervisor_of() { awk -F, -v station="$1" '$2 == station { print $1; exit }' "$directory/roster/patches.csv"; }

station_line() {  # a number that rings at the station left for you
  awk -F, -v station="$station" '$4 == station && $5 != "recorded_only" { print $1; exit }' deploy/guangzhou/lines.csv
}

name_of() { awk -F, -v account="$1" '$1 == account { print $2; exit }' "$directory/roster/people.csv"; }
station_name() { awk -F, -v code="$1" '$1 == code { print $5; exit }' deploy/guangzhou/stations.csv; }

make_profiles() {
  mkdir -p "$profiles"
  chmod 700 "$profiles"
  local who
  for who in steward gateway "${roles[@]}"; do
    printf 'server = 127.0.0.1:%s\nfingerprint = %s\n' "$port" "$(fingerprint)" >"$profiles/$who.profile"
    chmod 600 "$profiles/$who.profile"
  done
}

sign_in() {  # sign_in PROFILE ACCOUNT PASSWORD
  as "$1" login "$2" <<<"$3" >"$directory/words" 2>&1 || fail "$2 could not sign in: $(tail -n 1 "$directory/words")"
}

new_password() {
  python3 -c 'import secrets
signs = "abcdefghijkmnpqrstuvwxyz23456789"
print("-".join("".join(secrets.choice(signs) for _ in range(4)) for _ in range(4)))'
}

# Passwords are hashed only for the people printed; everybody else is an enrolled device (decision 32).
give_passwords() {
  local who account password
  : >"$directory/people.new"
  chmod 600 "$directory/people.new"
  for who in "${roles[@]}"; do
    account=$(account_of "$who")
    password=$(new_password)
    as steward worker set-password "$account" --stdin <<<"$password" >"$directory/words" 2>&1 ||
      fail "$account could not be given a password: $(tail -n 1 "$directory/words")"
    printf '%s %s %s\n' "$who" "$account" "$password" >>"$directory/people.new"
  done
  mv "$directory/people.new" "$directory/people"
}

sign_people_in() {
  [ -n "$(station_line)" ] ||
    fail "station $station has no line that rings: choose one of another mode than recorded_only in deploy/guangzhou/lines.csv"
  [ -e "$directory/people" ] || give_passwords
  local who account password
  while read -r who account password; do
    sign_in "$who" "$account" "$password"
    printf '   %-11s %-16s %s\n' "$who" "$account" "$(name_of "$account")"
  done <"$directory/people"
  # The simulated city holds gateway-1; calls of your own come through the second one.
  as gateway login --device-token "$(sed -n 's/^gateway-2,//p' "$directory/devices.csv" | tr -d '\r')" >"$directory/words" 2>&1 ||
    fail "the second gateway could not sign in: $(tail -n 1 "$directory/words")"
}

say_how_to() {
  local ctl=build/clients/cli/kapokctl shown=${profiles#"$repository"/}
  printf '\n%s is left for you; sessions last 12 hours of the city, then sign in again:\n' "$(station_name "$station")"
  local who account password
  while read -r who account password; do
    printf '  %-11s %s --profile %s/%s.profile login %s   # %s\n' "$who" "$ctl" "$shown" "$who" "$account" "$password"
  done <"$directory/people"
  if [ -n "$console_built" ]; then
    read -r who account password <"$directory/people"
    cat <<END

In a browser, as the worker (the certificate is this machine's own: let the browser accept it once):
  https://localhost:$((port + 2))/   account $account   password $password
  上岗签到 (take duty), 开始接听 (get ready), then place a call as below; English is one click away.
END
  fi
  cat <<END

In a browser, which warns because nobody has signed the certificate of this city:
  https://localhost:$((port + 2))/

Watch the city:
  $ctl --profile $shown/centre.profile watch
Take a real call. In one terminal, as the worker (a accepts, h hangs up, w writes up, q ends):
  $ctl --profile $shown/worker.profile duty on
  $ctl --profile $shown/worker.profile desk
and in another, as a caller:
  $ctl --profile $shown/gateway.profile call place $(station_line) --caller 020-09001234
Then send what is needed to the neighbours, and see it arrive:
  $ctl --profile $shown/neighbour.profile referral list
  $ctl --profile $shown/supervisor.profile contact search --last-four 1234
  $ctl --profile $shown/supervisor.profile report day

Ctrl-C stops all; deploy/quickstart goes on with the same data, --clean removes it.
END
}
