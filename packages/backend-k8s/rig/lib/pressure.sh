# shellcheck shell=bash
# What a node runs short of. Its disk is filled. Its memory and its processes are the whole machine's, which nobody would want to fill:
# there the node reads, in files of the kernel that only it sees, that so much is left. The kubelet finds out when it looks next.

MEMORY=/sys/fs/cgroup/memory # version 1 of cgroups
FILLER=/var/lib/.pressure

# make_disk NODE: a disk of its own, if the rig was started with KUBEREEL_RIG_DISK; sparse, so that it costs what is on it.
make_disk() {
  local image
  image=$(dir_of "$1")/disk.img
  [ -f "$RUN/disk" ] && [ ! -f "$image" ] || return 0
  truncate -s "$(cat "$RUN/disk")" "$image" || die 64 "KUBEREEL_RIG_DISK is a size like 8G, not '$(cat "$RUN/disk")'"
  mkfs.ext4 -q -F -m 0 "$image" > /dev/null || die 69 "mkfs.ext4 makes no file system in $image"
}

# can NODE WHAT: or one sentence why not.
can() {
  case $2 in
    memory) [ -f $MEMORY/memory.usage_in_bytes ] || die 69 "memory pressure needs version 1 of cgroups, and this machine has version 2" ;;
    disk) [ -f "$RUN/disk" ] || die 69 "disk pressure needs nodes with disks of their own: start the rig with KUBEREEL_RIG_DISK=8G" ;;
    faults) [ -f "$RUN/faults" ] || die 69 "the kubelets of the rig speak to their runtime directly: start it with KUBEREEL_RIG_FAULTS=1" ;;
    pids) ;;
    *) die 64 "there is nothing to say of '$2': memory, disk, pids, faults" ;;
  esac
}

# press NODE [memory=BYTES] [disk=BYTES] [pids=COUNT]: what is not named is not short. It outlives the node's power.
press() {
  local node=$1 part
  shift
  for part in "$@"; do
    case ${part%%=*} in memory | disk | pids) can "$node" "${part%%=*}" ;; *) die 64 "a node can run short of memory, disk, pids, not of '$part'" ;; esac
    [[ ${part#*=} =~ ^[0-9]+$ ]] || die 64 "what is left of ${part%%=*} is a number, not '${part#*=}'"
  done
  echo "$@" > "$(dir_of "$node")/pressure"
  ! is_on "$node" || press_again "$node"
}

press_again() { # node
  local node=$1 parts=() part
  [ -f "$(dir_of "$node")/pressure" ] || return 0
  read -ra parts < "$(dir_of "$node")/pressure" || true
  relieve "$node"
  for part in "${parts[@]}"; do "press_${part%%=*}" "$node" "${part#*=}"; done
}
relieve() { # node
  # shellcheck disable=SC2016
  on "$1" bash -c 'for file; do while umount "$file" 2> /dev/null; do :; done; done; rm -f '"$FILLER" _ \
    $MEMORY/memory.usage_in_bytes $MEMORY/memory.stat /proc/loadavg
}

# What is left is the capacity without the working set: what is used without the file cache that nobody has touched lately.
press_memory() { # node bytes
  # shellcheck disable=SC2016
  on "$1" bash -c '
    while read -r name kilobytes _; do [ "$name" != MemTotal: ] || break; done < /proc/meminfo
    used=$((kilobytes * 1024 - $2))
    echo $((used > 0 ? used : 0)) > /run/pressure.usage
    sed -E "s/^((total_)?inactive_file) .*/\1 0/" "$1/memory.stat" > /run/pressure.stat
    mount --bind /run/pressure.usage "$1/memory.usage_in_bytes"
    mount --bind /run/pressure.stat "$1/memory.stat"' _ $MEMORY "$2"
}
press_pids() { # node count
  # shellcheck disable=SC2016
  on "$1" bash -c '
    read -r most < /proc/sys/kernel/pid_max
    read -r threads < /proc/sys/kernel/threads-max
    [ "$threads" -gt "$most" ] || most=$threads
    echo "0.00 0.00 0.00 1/$((most - $1)) 1" > /run/pressure.loadavg
    mount --bind /run/pressure.loadavg /proc/loadavg' _ "$2"
}
press_disk() { # node bytes
  # shellcheck disable=SC2016
  on "$1" bash -c '
    left=$(($(stat -f -c "%a * %S" /var/lib)))
    [ "$left" -le "$2" ] || fallocate -l $((left - $2)) "$1"' _ $FILLER "$2"
}
