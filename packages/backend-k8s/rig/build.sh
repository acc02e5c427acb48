#!/usr/bin/env bash
# Builds a real Kubernetes cluster from pinned Go modules: control plane, kubelet, container runtime, image tools.
# What the cache already has is kept; a program gets its name only once it is whole, so a build that was interrupted goes on.
#   build.sh            into ~/.cache/kubereel-rig/vVERSION, or where KUBEREEL_RIG_CACHE says
set -euo pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$HERE/versions.sh"

mkdir -p "$CACHE/bin" "$CACHE/cni"
exec 9> "$CACHE/.lock"
flock -n 9 || { echo "rig: another build is under way: waiting for it" >&2; flock 9; }
[ -n "$(missing)" ] || exit 0
bash "$HERE/needs.sh" build || exit 69

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
rm -f "$CACHE"/bin/.*.new "$CACHE"/cni/.*.new
export GOFLAGS=-mod=mod CGO_ENABLED=0 GOWORK=off
count=$(missing | wc -l) done=0

say() { printf 'rig: %s (%d s)\n' "$*" "$SECONDS" >&2; }
lacks() { [ ! -x "$CACHE/$1" ]; }
missing_of() { grep -qE "$1" <<< "$(missing)"; }
# keep FILE COMMAND…: runs the command, which writes the file that is appended to it, and gives it its name when it is whole
keep() {
  local file=$1
  shift
  lacks "$file" || return 0
  local new="$CACHE/${file%/*}/.${file##*/}.new"
  "$@" "$new" 9>&-
  chmod 755 "$new"
  mv "$new" "$CACHE/$file"
  done=$((done + 1))
  say "built ${file##*/}, $done of $count"
}
# module NAME PACKAGE…: goes into a throw-away module in which these packages can be built
module() {
  mkdir -p "$work/$1"
  cd "$work/$1"
  shift
  printf 'module rig\n\ngo 1.26.0\n' > go.mod
  { printf '//go:build tools\n\npackage rig\n'; printf 'import _ "%s"\n' "$@"; } > tools.go
}
# fetch COMMAND…: what needs the network. Without it the rig cannot be on this machine: 69.
fetch() {
  "$@" > "$work/fetch.log" 2>&1 || {
    echo "the Go modules of the rig cannot be downloaded: $(grep -v '^go: downloading' "$work/fetch.log" | tail -1)"
    exit 69
  }
}
go_build() { # package output, with GO_FLAGS
  go build -trimpath "${GO_FLAGS[@]}" -o "$2" "$1"
}

kubernetes() {
  local commands=(kube-apiserver kube-controller-manager kube-scheduler kubelet kubectl) source command
  module kubernetes "${commands[@]/#/k8s.io/kubernetes/cmd/}" k8s.io/kubernetes/test/images/agnhost
  say "downloading Kubernetes $KUBERNETES"
  fetch go mod download "k8s.io/kubernetes@v$KUBERNETES"
  source=$(go env GOMODCACHE)/k8s.io/kubernetes@v$KUBERNETES
  # Its go.mod points into its staging directory: here each of those modules is its published self.
  {
    echo "require k8s.io/kubernetes v$KUBERNETES"
    echo "replace ("
    awk -v version="v$STAGING" '/=> \.\/staging/ {print "\t" $1 " => " $1 " " version}' "$source/go.mod"
    echo ")"
  } >> go.mod
  fetch go mod tidy
  local version=k8s.io/component-base/version
  GO_FLAGS=(-ldflags "-s -w -X $version.gitVersion=v$KUBERNETES -X $version.gitMajor=1 -X $version.gitMinor=${STAGING:2:2} -X $version.gitTreeState=clean -X k8s.io/client-go/pkg/version.gitVersion=v$KUBERNETES")
  for command in "${commands[@]}"; do keep "bin/$command" go_build "k8s.io/kubernetes/cmd/$command"; done
  GO_FLAGS=(-ldflags '-s -w')
  keep bin/agnhost go_build k8s.io/kubernetes/test/images/agnhost
}

# modules_of NAME MODULE@VERSION PACKAGE…: like `module`, at that version of theirs
modules_of() {
  local name=$1 version=$2
  shift 2
  module "$name" "$@"
  fetch go get "$version" "${@/%/@${version##*@}}"
}

containerd() {
  local module=github.com/containerd/containerd/v2 command
  modules_of containerd "$module@v$CONTAINERD" $module/cmd/{containerd,containerd-shim-runc-v2,ctr}
  GO_FLAGS=(-tags 'no_btrfs no_devmapper no_zfs' -ldflags '-s -w')
  for command in containerd containerd-shim-runc-v2 ctr; do keep "bin/$command" go_build "$module/cmd/$command"; done
}

# runc enters namespaces in C. It is linked statically, so that the cache works on machines without the libraries.
# Without libseccomp it is built without seccomp: then a pod that asks for a seccomp profile cannot start, all others can.
runc() {
  local tags="netgo osusergo"
  if pkg-config --exists libseccomp 2> /dev/null; then
    tags+=" seccomp"
  else
    say "libseccomp-dev and pkg-config are not here: pods that ask for a seccomp profile will not start"
  fi
  modules_of runc "github.com/opencontainers/runc@v$RUNC" github.com/opencontainers/runc
  GO_FLAGS=(-tags "$tags" -ldflags "-s -w -X main.version=$RUNC -extldflags -static")
  CGO_ENABLED=1 keep bin/runc go_build github.com/opencontainers/runc
}

etcd() {
  modules_of etcd "go.etcd.io/etcd/server/v3@v$ETCD" go.etcd.io/etcd/server/v3
  GO_FLAGS=(-ldflags '-s -w')
  keep bin/etcd go_build go.etcd.io/etcd/server/v3
}

cni() {
  local module=github.com/containernetworking/plugins
  modules_of cni "$module@v$CNI" $module/plugins/main/{bridge,loopback} $module/plugins/ipam/host-local
  GO_FLAGS=(-ldflags '-s -w')
  keep cni/bridge go_build $module/plugins/main/bridge
  keep cni/loopback go_build $module/plugins/main/loopback
  keep cni/host-local go_build $module/plugins/ipam/host-local
}

crane() {
  modules_of crane "github.com/google/go-containerregistry@v$CRANE" github.com/google/go-containerregistry/cmd/crane
  GO_FLAGS=(-ldflags '-s -w')
  keep bin/crane go_build github.com/google/go-containerregistry/cmd/crane
}

pause() {
  fetch go mod download "k8s.io/kubernetes@v$KUBERNETES"
  keep bin/pause gcc -Os -static -DVERSION="rig-$KUBERNETES" "$(go env GOMODCACHE)/k8s.io/kubernetes@v$KUBERNETES/build/pause/linux/pause.c" -o
}

# The rig's own: what machines have beside Kubernetes.
machine() {
  module machine k8s.io/cri-api/pkg/apis/runtime/v1
  rm tools.go
  cp "$HERE"/machine/*.go .
  fetch go get "k8s.io/cri-api@v$STAGING" "google.golang.org/grpc@v$GRPC" "github.com/godbus/dbus/v5@v$DBUS"
  fetch go mod tidy
  GO_FLAGS=(-ldflags '-s -w')
  keep bin/machine go_build .
}

say "building $count programs of a cluster of Kubernetes $KUBERNETES into $CACHE: all of them take about ten minutes on two cores"
if missing_of '/(kube.*|agnhost)$'; then kubernetes; fi
if missing_of '/(containerd.*|ctr)$'; then containerd; fi
if lacks bin/runc; then runc; fi
if lacks bin/etcd; then etcd; fi
if missing_of '^cni/'; then cni; fi
if lacks bin/crane; then crane; fi
if lacks bin/pause; then pause; fi
if lacks bin/machine; then machine; fi
keep bin/busybox cp "$(command -v busybox)"
say "built in $CACHE"
