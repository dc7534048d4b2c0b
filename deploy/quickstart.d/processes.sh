# The server and the simulated city: started, waited for, stopped by their ids. They end with this script, whatever
# ends it.

server_pid='' callers_pid=''

start_server() {  # start_server FACTOR
  setpriv --pdeathsig TERM setsid "$kapokd" --config "$city/kapokd.toml" --practice-clock "x$1" \
    </dev/null >>"$directory/kapokd.log" 2>&1 8>&- &
  server_pid=$!
  local try
  for try in $(seq 600); do
    is_listening "$port" && return
    kill -0 "$server_pid" 2>/dev/null ||
      fail "kapokd ended at its start: $(grep '^kapokd: ' "$directory/kapokd.log" | tail -n 1); the log is $directory/kapokd.log"
    sleep 0.1
  done
  fail "kapokd does not answer within a minute: look at $directory/kapokd.log"
}

start_callers() {
  setpriv --pdeathsig TERM setsid "$kapok_load" city --server "127.0.0.1:$port" --fingerprint "$(fingerprint)" \
    --devices "$directory/devices.csv" --roster "$directory/roster/shifts.csv" --directory "$repository/deploy/guangzhou" \
    --stations-left "$station" --hours 0 --calls-per-day "$calls_per_day" --shared --drain 1 \
    </dev/null >"$directory/callers.log" 2>&1 8>&- &
  callers_pid=$!
  sleep 2
  kill -0 "$callers_pid" 2>/dev/null ||
    fail "the simulated city ended at its start: $(tail -n 1 "$directory/callers.log")"
  printf '   %s callers a day; its words are in %s\n' "$calls_per_day" "${directory#"$repository"/}/callers.log"
}

stop_process() {  # stop_process PID SECONDS: asks, waits, and only then insists
  [ -n "$1" ] && kill -0 "$1" 2>/dev/null || return 0
  kill -TERM "$1" 2>/dev/null || return 0
  local try
  for try in $(seq $(($2 * 10))); do
    kill -0 "$1" 2>/dev/null || break
    sleep 0.1
  done
  kill -KILL "$1" 2>/dev/null || true
  wait "$1" 2>/dev/null || true
}

stop_server() { stop_process "$server_pid" 10; server_pid=''; }

stop_all() {
  local code=$?
  trap '' INT TERM HUP
  trap - EXIT
  if [ -n "$server_pid$callers_pid" ]; then printf '\nstopping\n'; fi
  stop_smoke_processes
  stop_process "$callers_pid" 5
  stop_server
  if [ -n "$forget_smoke" ]; then
    rm -rf "${directory:?}"
    rmdir --ignore-fail-on-non-empty "${directory%/smoke}"
  fi
  exit "$code"
}
trap stop_all EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# Until Ctrl-C, or until one of the two ends by itself.
watch_over() {
  local ended=''
  wait -n -p ended "$server_pid" "$callers_pid" || true
  [ "$ended" = "$server_pid" ] &&
    fail "kapokd has ended by itself: its last words are $(tail -n 1 "$directory/kapokd.log")"
  fail "the simulated city has ended by itself: its last words are $(tail -n 1 "$directory/callers.log")"
}
