#!/usr/bin/env bash
# Says in one sentence why the rig cannot run on this machine, and exits 1; or nothing, and exits 0.
#   needs.sh run        what a start needs once everything is built
#   needs.sh build      what a build needs
#   needs.sh install    installs what one or the other lacks (root on Debian or Ubuntu only)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. ./versions.sh

no() {
  echo "$*"
  exit 1
}
has() { command -v "$1" > /dev/null; }

# program=package, where the two have different names on Debian
RUN_NEEDS=(bash nsenter=util-linux unshare=util-linux setsid=util-linux flock=util-linux mount ip=iproute2 openssl tar awk=mawk)
BUILD_NEEDS=(gcc)

lacking() { # program=package…
  local need
  for need in "$@"; do has "${need%%=*}" || echo "${need##*=}"; done
}
static_busybox() { has busybox && ! grep -qF /ld-linux "$(command -v busybox)"; }
libc_archive() { [ -f "$(gcc -print-file-name=libc.a 2> /dev/null)" ]; }

build_packages() {
  lacking "${BUILD_NEEDS[@]}"
  static_busybox || [ -x "$CACHE/bin/busybox" ] || echo busybox-static
  ! has gcc || libc_archive || echo libc6-dev
}

run_check() {
  [ "$(uname -s)" = Linux ] || no "the rig needs Linux, this is $(uname -s)"
  [ "$(id -u)" = 0 ] || no "the rig needs root"
  local packages
  packages=$(lacking "${RUN_NEEDS[@]}" | sort -u | xargs)
  [ -z "$packages" ] || no "the rig needs $packages: install them"
  unshare --mount --pid --fork --net --uts true 2> /dev/null || no "the rig needs namespaces of its own, and this root may not make any"
  local file
  file=$(find /sys/fs/cgroup -maxdepth 2 -name cgroup.procs -print -quit 2> /dev/null)
  { [ -n "$file" ] && [ -w "${file%/*}" ]; } || no "the rig needs cgroups of its own, and /sys/fs/cgroup cannot be written"
  case "$(uname -m)" in x86_64 | aarch64) ;; *) no "the rig has images for x86_64 and aarch64 only, this is $(uname -m)" ;; esac
}

build_check() {
  [ -n "$(missing)" ] || return 0
  local packages version
  has go || no "the rig is not built ($CACHE is not complete), and Go 1.26 or newer is not here to build it"
  version=$(go env GOVERSION)
  printf '%s\n' go1.26 "${version%% *}" | sort -V -C || no "the rig is built with Go 1.26 or newer, this is $version"
  packages=$(build_packages | sort -u | xargs)
  [ -z "$packages" ] || no "building the rig needs $packages: install them"
}

install() {
  [ "$(id -u)" = 0 ] && has apt-get || return 0
  local packages=()
  mapfile -t packages < <({
    lacking "${RUN_NEEDS[@]}"
    if [ -n "$(missing)" ]; then
      has gcc || echo libc6-dev
      build_packages
      # Wanted, not needed: with it runc knows seccomp profiles.
      pkg-config --exists libseccomp 2> /dev/null || printf '%s\n' pkg-config libseccomp-dev
    fi
  } | sort -u)
  [ ${#packages[@]} -gt 0 ] || return 0
  echo "rig: installing ${packages[*]} with apt-get" >&2
  export DEBIAN_FRONTEND=noninteractive
  apt-get install -y -qq --no-install-recommends "${packages[@]}" > /dev/null 2>&1 ||
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends "${packages[@]}"; } > /dev/null 2>&1 ||
    echo "rig: apt-get could not install ${packages[*]}" >&2
}

case "${1:-}" in
  run) run_check ;;
  build) build_check ;;
  install) install ;;
  *) echo "usage: needs.sh run|build|install" >&2; exit 64 ;;
esac
