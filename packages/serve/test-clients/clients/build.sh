#!/usr/bin/env bash
# Builds one of the real clients that the tests of the served API are run with, from pinned modules, and prints where it is.
# What the cache already has is kept; a program gets its name only once it is whole.
#   build.sh kubectl | old-kubectl | k9s | tmux | controller | e2e | python
#   build.sh kwok                    what benches compare with; the stages that it plays are beside it, in FILE.yaml
# Exit status 69, and one sentence on stdout: it cannot be on this machine. Progress goes to stderr.
set -euo pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$HERE/../../../backend-k8s/rig/versions.sh"
. "$HERE/versions.sh"

BUILT=$CACHE/clients
mkdir -p "$BUILT"
exec 9> "$BUILT/.lock"
flock -n 9 || { echo "clients: another build is under way: waiting for it" >&2; flock 9; }
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
export GOFLAGS="-mod=mod -p=2" CGO_ENABLED=0 GOWORK=off

say() { printf 'clients: %s (%d s)\n' "$*" "$SECONDS" >&2; }
no() {
  echo "$*"
  exit 69
}
# done_with FILE: it is there already, or has just been made
done_with() {
  echo "$1"
  exit 0
}
needs_go() {
  command -v go > /dev/null || no "it is built with Go 1.26 or newer, and Go is not here"
  local version
  version=$(go env GOVERSION)
  printf '%s\n' go1.26 "${version%% *}" | sort -V -C || no "it is built with Go 1.26 or newer, this is $version"
}
# fetch COMMAND…: what needs the network. Without it the client cannot be on this machine.
fetch() {
  "$@" > "$work/fetch.log" 2>&1 || no "it cannot be downloaded: $(grep -v '^go: downloading' "$work/fetch.log" | tail -1)"
}
# module PACKAGE: goes into a throw-away module in which this package can be built
module() {
  mkdir -p "$work/module"
  cd "$work/module"
  printf 'module clients\n\ngo 1.26.0\n' > go.mod
  printf '//go:build tools\n\npackage clients\n\nimport _ "%s"\n' "$1" > tools.go
}
# keep FILE PACKAGE COMMAND…: runs the command of go that builds the package, and gives the file its name when it is whole
keep() {
  local file=$1 package=$2
  shift 2
  say "building ${file##*/}"
  nice -n 19 go "$@" -trimpath -o "$work/new" "$package" 9>&- >&2
  chmod 755 "$work/new"
  mv "$work/new" "$file"
  say "built ${file##*/}"
  done_with "$file"
}

# kubernetes_module VERSION PACKAGE: its go.mod points into its staging directory; here each of those modules is its published self
kubernetes_module() {
  module "$2"
  fetch go mod download "k8s.io/kubernetes@v$1"
  {
    echo "require k8s.io/kubernetes v$1"
    echo "replace ("
    awk -v version="v0.${1#1.}" '/=> \.\/staging/ {print "\t" $1 " => " $1 " " version}' \
      "$(go env GOMODCACHE)/k8s.io/kubernetes@v$1/go.mod"
    echo ")"
  } >> go.mod
  fetch go mod tidy
}
# kubernetes_flags VERSION: what makes a program of Kubernetes say its version
kubernetes_flags() {
  local version=k8s.io/component-base/version minor=${1#1.}
  echo "-s -w -X $version.gitVersion=v$1 -X $version.gitMajor=1 -X $version.gitMinor=${minor%%.*} -X $version.gitTreeState=clean -X k8s.io/client-go/pkg/version.gitVersion=v$1"
}

kubectl_of() { # version
  local file=$BUILT/kubectl-$1
  # The rig builds the one of its own version in the same way.
  [ "$1" != "$KUBERNETES" ] || [ ! -x "$CACHE/bin/kubectl" ] || done_with "$CACHE/bin/kubectl"
  [ ! -x "$file" ] || done_with "$file"
  needs_go
  kubernetes_module "$1" k8s.io/kubernetes/cmd/kubectl
  keep "$file" k8s.io/kubernetes/cmd/kubectl build -ldflags "$(kubernetes_flags "$1")"
}

e2e() {
  local file=$BUILT/e2e.test-$KUBERNETES
  [ ! -x "$file" ] || done_with "$file"
  needs_go
  kubernetes_module "$KUBERNETES" k8s.io/kubernetes/test/e2e
  keep "$file" k8s.io/kubernetes/test/e2e test -c -ldflags "$(kubernetes_flags "$KUBERNETES")"
}

k9s() {
  local file=$BUILT/k9s-$K9S
  [ ! -x "$file" ] || done_with "$file"
  needs_go
  module github.com/derailed/k9s
  fetch go get "github.com/derailed/k9s@v$K9S"
  keep "$file" github.com/derailed/k9s build -ldflags "-s -w -X github.com/derailed/k9s/cmd.version=v$K9S"
}

# Nodes are ready with a lease, and pods run at once: its own fast stages.
kwok() {
  local file=$BUILT/kwok-$KWOK stages
  [ ! -x "$file" ] || done_with "$file"
  needs_go
  module sigs.k8s.io/kwok/cmd/kwok
  fetch go get "sigs.k8s.io/kwok@v$KWOK" "sigs.k8s.io/kwok/cmd/kwok@v$KWOK"
  stages=$(go env GOMODCACHE)/sigs.k8s.io/kwok@v$KWOK/kustomize/stage
  awk 'FNR == 1 && NR > 1 {print "---"} {print}' "$stages"/node/{fast,heartbeat-with-lease}/node-*.yaml "$stages"/pod/fast/pod-*.yaml \
    > "$file.yaml"
  keep "$file" sigs.k8s.io/kwok/cmd/kwok build -ldflags "-s -w"
}

# A terminal that is read and typed into by commands.
tmux() {
  type -P tmux > /dev/null || {
    [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null || no "tmux is not here"
    export DEBIAN_FRONTEND=noninteractive
    { apt-get install -y -qq --no-install-recommends tmux || { apt-get update -qq && apt-get install -y -qq --no-install-recommends tmux; }; } \
      > "$work/apt.log" 2>&1 || no "tmux is not here, and apt-get could not install it"
  }
  done_with "$(type -P tmux)"
}

# The controller's sources are here: another source is another program.
controller() {
  local sources file
  sources=$(cat "$HERE"/../controller/{go.mod,go.sum,main.go} | sha256sum)
  file=$BUILT/controller-${sources:0:12}
  [ ! -x "$file" ] || done_with "$file"
  needs_go
  cp -r "$HERE/../controller" "$work/module"
  cd "$work/module"
  export GOFLAGS="-mod=readonly -p=2"
  fetch go mod download
  keep "$file" . build -ldflags "-s -w"
}

python() {
  local pins venv
  pins=$(sha256sum < "$HERE/../python/requirements.txt")
  venv=$BUILT/python-${pins:0:12}
  [ ! -e "$venv/.whole" ] || done_with "$venv/bin/python"
  command -v python3 > /dev/null || no "Python is not here"
  rm -rf "$venv"
  say "making a virtual environment of Python"
  python3 -m venv "$venv" > "$work/venv.log" 2>&1 || no "Python cannot make a virtual environment here: $(tail -1 "$work/venv.log")"
  fetch "$venv/bin/python" -m pip install --disable-pip-version-check --no-deps --only-binary :all: -r "$HERE/../python/requirements.txt"
  touch "$venv/.whole"
  done_with "$venv/bin/python"
}

case "${1:-}" in
  kubectl) kubectl_of "$KUBERNETES" ;;
  old-kubectl) kubectl_of "$OLD_KUBERNETES" ;;
  k9s) k9s ;;
  tmux) tmux ;;
  controller) controller ;;
  e2e) e2e ;;
  python) python ;;
  kwok) kwok ;;
  *) echo "usage: build.sh $(IFS='|'; echo "${CLIENTS[*]}|kwok")" >&2; exit 64 ;;
esac
