# shellcheck shell=bash
# Machines of a rig: `control` for the control plane, and one a node. A machine is a process tree with namespaces of its own;
# its power is its first process (init.sh). Services are the programs that run on it.

dir_of() { echo "$RUN/machines/$1"; }

# init_of MACHINE: the id of its first process; fails when its power is off.
init_of() {
  local pid command
  pid=$(cat "$(dir_of "$1")/init.pid" 2> /dev/null) || return 1
  # The id may be another process's by now.
  [ -d "/proc/$pid" ] || return 1
  command=$(tr '\0' ' ' 2> /dev/null < "/proc/$pid/cmdline") || return 1
  [[ $command == *"init.sh $RUN $1 "* ]] || return 1
  echo "$pid"
}
is_on() { init_of "$1" > /dev/null; }

# on MACHINE COMMAND…: runs it there, as a program that the machine itself started, without this one's environment.
on() {
  local machine=$1 init
  shift
  init=$(init_of "$machine") || die 69 "the power of $machine is off"
  nsenter -t "$init" -m -p -n -u -- env -i HOME=/root PATH="$(dir_of "$machine")/cache/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" "$@"
}

# boot MACHINE [owned]: with `owned`, file descriptor 3 is handed on: the rig ends with whoever holds its other end.
boot() {
  local machine=$1 owner=${2:-free} dir
  is_on "$machine" && return
  dir=$(dir_of "$machine")
  mkdir -p "$dir"
  rm -f "$dir"/init.pid "$dir"/*.service
  make_cgroups "$machine"
  if [ "$owner" = owned ]; then exec 5<&3; else exec 5< /dev/null; fi
  setsid unshare --mount --propagation private --pid --fork --net --uts \
    bash "$HERE/init.sh" "$RUN" "$machine" "$CACHE" "$owner" > "$dir/init.log" 2>&1 < /dev/null 3<&5 5<&- 9>&- &
  exec 5<&-
  eventually 100 0.1 is_on "$machine" || die 70 "$machine did not start: $(tail -1 "$dir/init.log")"
}

# halt MACHINE: like pulling its plug. Nothing on it is told.
halt() {
  local pid
  pid=$(init_of "$1") || return 0
  kill -9 "$pid" 2> /dev/null || true
  eventually 300 0.1 gone "$pid" || die 70 "process $pid of $1 does not end"
  remove_cgroups "$1"
}
gone() { [ ! -d "/proc/$1" ]; }

# --- services ----------------------------------------------------------------
# start MACHINE SERVICE COMMAND…: it is adopted by the machine's first process, and writes its own log.
start() {
  local machine=$1 service=$2 dir
  shift 2
  if is_running "$machine" "$service"; then return; fi
  dir=$(dir_of "$machine")
  # shellcheck disable=SC2016
  on "$machine" bash -c 'log=$1 file=$2; shift 2; setsid "$@" >> "$log" 2>&1 < /dev/null & echo $! > "$file"' _ \
    "$RUN/log/$service$([ "$machine" = control ] || echo "-$machine").log" "$dir/$service.service" "$@" 9>&-
}
# The file has the id that the process has on its machine.
is_running() {
  is_on "$1" && [ -f "$(dir_of "$1")/$2.service" ] && on "$1" kill -0 "$(cat "$(dir_of "$1")/$2.service")" 2> /dev/null
}
is_stopped() { ! is_running "$1" "$2"; }
# stop MACHINE SERVICE SIGNAL: and waits for its end; a service that does not end within a minute is killed.
stop() {
  is_running "$1" "$2" || return 0
  on "$1" kill "-$3" "$(cat "$(dir_of "$1")/$2.service")" 2> /dev/null || true
  eventually 600 0.1 is_stopped "$1" "$2" || on "$1" kill -KILL "$(cat "$(dir_of "$1")/$2.service")"
  rm -f "$(dir_of "$1")/$2.service"
}

# --- cgroups -----------------------------------------------------------------
hierarchies() {
  if [ -f /sys/fs/cgroup/cgroup.procs ]; then
    echo /sys/fs/cgroup
  else
    find -L /sys/fs/cgroup -mindepth 2 -maxdepth 2 -name cgroup.procs -printf '%h\n' 2> /dev/null
  fi
}
make_cgroups() {
  local top part controller controllers
  [ "$1" != control ] || return 0
  for top in $(hierarchies); do
    mkdir -p "$top/kubereel-$NAME/$1"
    for part in "kubereel-$NAME" "kubereel-$NAME/$1"; do
      # Version 1: a new cpuset is empty and takes no process.
      if [ -f "$top/cpuset.cpus" ]; then
        cat "$top/cpuset.cpus" > "$top/$part/cpuset.cpus"
        cat "$top/cpuset.mems" > "$top/$part/cpuset.mems"
      fi
    done
    # Version 2: a group's children get the controllers that it hands down.
    if [ "$top" = /sys/fs/cgroup ]; then
      for part in . "kubereel-$NAME" "kubereel-$NAME/$1"; do
        read -ra controllers < "$top/$part/cgroup.controllers"
        for controller in "${controllers[@]}"; do
          echo "+$controller" > "$top/$part/cgroup.subtree_control" 2> /dev/null || true
        done
      done
    fi
  done
}
remove_cgroups() { # machine, or nothing for the rig's own
  local top
  for top in $(hierarchies); do
    find "$top/kubereel-$NAME${1:+/$1}" -depth -type d -exec rmdir {} + 2> /dev/null || true
  done
}
