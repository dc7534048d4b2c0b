# Building into build/, with progress.

kapokd=$repository/build/server/kapokd
kapokctl_program=$repository/build/clients/cli/kapokctl
kapok_load=$repository/build/tests/load/kapok-load

compilers_at_once() {  # a compiler of this project takes up to 1.5 GiB
  local by_memory
  by_memory=$(awk '/^MemAvailable:/ { print int($2 / 1572864) }' /proc/meminfo)
  local by_processors
  by_processors=$(nproc)
  local least=$((by_memory < by_processors ? by_memory : by_processors))
  echo $((least > 0 ? least : 1))
}

show_progress() {  # a terminal shows one moving line, a file every twentieth step
  if [ -t 1 ]; then cat; else awk '!/^\[[0-9]+\/[0-9]+/ || ++steps % 20 == 0 { print "   " $0; fflush() }'; fi
}

# The console goes into kapokd. A city without it is still a city: kapokctl does all of its work.
console_built=''
build_console() {
  if clients/console/build; then
    console_built=yes
  else
    echo "   the city starts without the browser console: its words are above"
  fi
}

build_programs() {
  local log=build/quickstart.log
  mkdir -p build
  # Tests need packages of their own; tests/run switches them on and a later quickstart leaves them so.
  local tests=()
  [ -e build/CMakeCache.txt ] || tests=(-DKAPOK_TESTS=OFF)
  CXX=clang++-19 cmake -S . -B build -G Ninja "${tests[@]}" >"$log" 2>&1 ||
    { tail -n 20 "$log"; fail "cmake could not configure build/: its words are above and in $log; deploy/quickstart --clean starts afresh"; }
  local ninja=(ninja -C build -j "${KAPOK_JOBS:-$(compilers_at_once)}" kapokd kapokctl kapok-load)
  export NINJA_STATUS='[%f/%t %es] '
  if [ -t 1 ]; then "${ninja[@]}"; else "${ninja[@]}" | show_progress; fi ||
    fail "the programs do not build: the errors are above; free memory, or set KAPOK_JOBS=1 and start again"
}
