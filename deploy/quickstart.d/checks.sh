# What has to be true of this machine, how long each step took, and cleaning up.

disk_needed_kib=$((5 * 1024 * 1024))
began_at=$SECONDS

step() {  # step WORDS FUNCTION: runs it and says how long it took
  local words=$1 from=$SECONDS
  printf '\n── %s\n' "$words"
  "$2"
  printf '   %s: %d s\n' "$words" $((SECONDS - from))
}

say_total() { printf '\nready after %d s\n' $((SECONDS - began_at)); }

is_listening() {  # is_listening PORT
  (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

free_ports() {  # the first of three neighbours nobody listens on
  local try first
  for try in $(seq 100); do
    first=$((20000 + (RANDOM + try) % 20000))
    if ! is_listening "$first" && ! is_listening $((first + 1)) && ! is_listening $((first + 2)); then
      echo "$first"
      return
    fi
  done
  fail "no three free ports were found: stop other servers on this machine"
}

check_machine() {
  command -v dpkg-query >/dev/null && command -v apt-get >/dev/null ||
    fail "this is not a Debian system: run it on Debian 12, on the machine itself or in a container"
  mkdir -p "$directory" 2>/dev/null || fail "$directory cannot be made: choose another place with --dir"
  take_directory
  local place free
  for place in "$repository" "$directory"; do
    free=$(df -Pk "$place" | awk 'NR == 2 { print $4 }')
    [ "$free" -ge "$disk_needed_kib" ] ||
      fail "$place has $((free / 1024)) MiB free and 5 GiB are needed: free some space, or name another disk with --dir"
  done
  local each
  for each in "$port" $((port + 1)) $((port + 2)); do
    ! is_listening "$each" || fail "port $each is taken: stop what listens there, or name another with --port"
  done
}

install_packages() {
  deploy/install-packages build || fail "the packages above are missing: see the sentence before this one"
}

# One quickstart per directory; the lock goes with the process that holds it.
take_directory() {
  chmod 700 "$directory"
  exec 8>"$directory/lock"
  flock -n 8 ||
    fail "a quickstart of $directory is running already: stop it with Ctrl-C there, or name another --dir and --port"
}

clean_up() {
  local lock
  if [ -e "$directory/lock" ] || [ -e "$directory/smoke/lock" ]; then
    for lock in "$directory"/{,smoke/}lock; do
      [ -e "$lock" ] || continue
      exec 8>"$lock"
      flock -n 8 || fail "a quickstart of $directory is running: stop it with Ctrl-C first"
    done
    rm -rf "$directory"
    echo "removed $directory"
  elif [ -e "$directory" ]; then
    fail "$directory was not made by quickstart and is left alone: name the right one with --dir"
  fi
  if [ -d build ]; then
    rm -rf build
    echo "removed $repository/build"
  fi
  rm -rf clients/console/{dist,dist.sum,node_modules,node/node_modules,src/gen,.build.lock}
}
