# One call from its arrival to the end of what it set in motion, through the programs a person would use.

desk_pid='' call_pid='' forget_smoke='' smoke_number=1234

stop_smoke_processes() {
  stop_process "$call_pid" 3
  stop_process "$desk_pid" 3
}

said() { printf '   %-16s %s\n' "$2" "$1"; }

until_true() {  # until_true SECONDS COMMAND…
  local try
  for try in $(seq $(($1 * 10))); do
    if "${@:2}" >/dev/null 2>&1; then return 0; fi
    sleep 0.1
  done
  return 1
}

json_of() {  # json_of EXPRESSION <JSON: what Python finds at it
  python3 -c 'import json, sys; it = json.load(sys.stdin); print(eval(sys.argv[1], {"it": it}))' "$1"
}

# A desk is a live client; its keyboard is a pipe here, on which nobody types.
open_desk() {
  as worker duty on >"$directory/smoke.duty" 2>&1 || fail "the worker could not take duty: $(tail -n 1 "$directory/smoke.duty")"
  mkfifo "$directory/keys"
  exec 7<>"$directory/keys"
  rm "$directory/keys"
  setpriv --pdeathsig TERM setsid "$kapokctl_program" --profile "$profiles/worker.profile" desk \
    <&7 >"$directory/smoke.desk" 2>&1 8>&- &
  desk_pid=$!
  until_true 20 test -s "$directory/smoke.desk" || fail "the desk did not open within 20 s: see $directory/smoke.desk"
  as worker ready >"$directory/smoke.ready" 2>&1 || fail "the worker could not get ready: $(tail -n 1 "$directory/smoke.ready")"
  said "$(name_of "$(account_of worker)") takes duty at $(station_name "$station")" "ready"
}

place_call() {
  setpriv --pdeathsig TERM setsid "$kapokctl_program" --profile "$profiles/gateway.profile" call place \
    "$(station_line)" --caller "020-0900$smoke_number" </dev/null >"$directory/smoke.call" 2>&1 8>&- &
  call_pid=$!
  until_true 20 grep -q kapokctl\\\|call "$directory/smoke.call" || fail "the call did not arrive: $(tail -n 1 "$directory/smoke.call")"
  said "a call arrives at $(station_line)" "on disk"
  until_true 20 test -s "$profiles/worker.profile.offer" || fail "the desk was not offered the call within 20 s: see $directory/smoke.desk"
  said "the nearest desk rings" "offered"
}

take_call() {
  as worker --json accept >"$directory/smoke.accepted" 2>&1 || fail "the offer could not be accepted: $(tail -n 1 "$directory/smoke.accepted")"
  contact=$(json_of 'it["contact"]' <"$directory/smoke.accepted")
  said "the worker accepts" "$(json_of 'it["display_number"]' <"$directory/smoke.accepted")"
  as worker hang-up >"$directory/smoke.hung_up" 2>&1 || fail "the call could not be ended: $(tail -n 1 "$directory/smoke.hung_up")"
  wait "$call_pid" || fail "the caller was not released: $(tail -n 1 "$directory/smoke.call")"
  call_pid=''
  said "they talk, the worker hangs up" "released"
}

write_up_call() {
  as worker --json write-up "$contact" --type self --relation self --risk none --person 梁婆婆 --address 沙面大街五十三号 \
    --summary '独居老人，家中米面将尽，夜里焦虑难眠' --service emotional_support --consent given \
    --need 'rice_flour:大米十斤' --need anxiety --dispatch "1=$(people_pick neighbour)" --note '请送大米上门' --finalise \
    >"$directory/smoke.written" 2>&1 || fail "the record could not be finalised: $(tail -n 1 "$directory/smoke.written")"
  referral=$(json_of 'it["referrals"][0]' <"$directory/smoke.written")
  said "written up: 米面 (material aid), 焦虑 (emotional support)" "finalised"
}

serve_referral() {
  as neighbour --json referral list >"$directory/smoke.inbox" 2>&1 || fail "the station's orders could not be listed: $(tail -n 1 "$directory/smoke.inbox")"
  grep -q "$referral" "$directory/smoke.inbox" || fail "order $referral is not on the list of $(account_of neighbour)"
  said "the material need is an order at $(station_name "$(people_pick neighbour)")" "dispatched"
  as neighbour referral accept "$referral" >"$directory/smoke.order" 2>&1 || fail "the order could not be accepted: $(tail -n 1 "$directory/smoke.order")"
  said "$(name_of "$(account_of neighbour)") takes it" "accepted"
  as neighbour referral complete "$referral" --result solved --note '大米已送到' >"$directory/smoke.order" 2>&1 ||
    fail "the order could not be completed: $(tail -n 1 "$directory/smoke.order")"
  said "the rice is delivered" "completed"
}

find_again() {  # find_again WORDS OPTION VALUE
  as supervisor --json contact search "$2" "$3" >"$directory/smoke.found" 2>&1 || fail "the call log could not be searched: $(tail -n 1 "$directory/smoke.found")"
  [ "$(json_of "sum(row['contact'] == '$contact' for row in it['rows'])" <"$directory/smoke.found")" = 1 ] ||
    fail "the call log does not find the call by $1: see $directory/smoke.found"
  said "the supervisor finds it by $1" "found"
}

run_smoke() {
  printf '\n── one call, from end to end\n'
  open_desk
  place_call
  take_call
  write_up_call
  serve_referral
  find_again 'two characters, 米面' --text 米面
  find_again "the last four digits, $smoke_number" --last-four "$smoke_number"
  printf '\n%s\n' "$("$kapokctl_program" --profile "$profiles/centre.profile" --lang en watch --once --columns 100 --rows 24)"
  forget_smoke=yes
  printf '\nsmoke: everything above worked, %d s in all\n' $((SECONDS - began_at))
}
