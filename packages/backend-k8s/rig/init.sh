#!/usr/bin/env bash
# The first process of a rig's machine, in namespaces of its own (process ids, mounts, network, host name): when it ends, the
# kernel ends everything on the machine with it, and nothing stays mounted. It lives until what it holds on to ends:
# the control plane's machine until its owner does (if it has one), a node until the control plane's machine does.
#   init.sh RUN MACHINE CACHE OWNER      OWNER: `owned`: file descriptor 3 ends with the owner; `free`: nobody's end is waited for
set -euo pipefail
run=$1 machine=$2 cache=$3 owner=$4
dir=$run/machines/$machine
read -r outside _ < /proc/self/stat # of the host's /proc, so the id that the host knows
mount -t proc proc /proc
echo "$machine" > /proc/sys/kernel/hostname
mount --make-rshared /

# Disks keep what is on them when the power goes, /run does not.
mkdir -p "$dir"/{cache,var-lib,var-log}
mount --bind "$cache" "$dir/cache"
if [ -f "$dir/disk.img" ]; then mount -o loop "$dir/disk.img" /var/lib; else mount --bind "$dir/var-lib" /var/lib; fi
mount --bind "$dir/var-log" /var/log
mount -t tmpfs -o mode=755 tmpfs /run
cat /proc/sys/kernel/random/uuid > "$dir/boot_id"
mount --bind "$dir/boot_id" /proc/sys/kernel/random/boot_id
ip link set lo up
echo 1 > /proc/sys/net/ipv4/ip_forward

if [ "$machine" = control ]; then
  exec 4<> "$run/life"
  [ "$owner" = owned ] || exec 3<> "$run/forever"
else
  exec 3< "$run/life"
fi
echo "$outside" > "$dir/init.pid.new"
mv "$dir/init.pid.new" "$dir/init.pid"
read -r _ <&3 || true
