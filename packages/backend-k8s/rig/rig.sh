#!/usr/bin/env bash
# A real Kubernetes cluster on this one machine: `rig.sh help` lists what can be done with it.
set -euo pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
for part in versions lib/machine lib/network lib/control lib/node lib/pressure lib/machine-program; do
  # shellcheck source=/dev/null
  . "$HERE/$part.sh"
done

# A rig may outlive who starts it: it must not hold on to their files, pipes and locks.
for file in /proc/"$$"/fd/*; do
  number=${file##*/}
  if [ "$number" -gt 2 ] && [ "$number" != 255 ] && { [ "$number" != 3 ] || [ "${KUBEREEL_RIG_OWNER:-free}" != owned ]; }; then
    eval "exec $number>&-"
  fi
done

die() { # exit status, sentence
  echo "rig: $2" >&2
  exit "$1"
}
# eventually TIMES SECONDS COMMAND…: until it holds
eventually() {
  local left=$1 pause=$2
  shift 2
  until "$@"; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || return 1
    sleep "$pause"
  done
}
kubectl() {
  env -u HTTPS_PROXY -u https_proxy -u ALL_PROXY -u all_proxy "$CACHE/bin/kubectl" --kubeconfig "$RUN/kubeconfig" "$@"
}

help() {
  cat << 'K'
usage: rig.sh COMMAND NAME …      NAME: 1 to 10 of a-z, 0-9; several rigs live side by side

  up NAME [NODE…]                 starts it (one node, rig-1) and prints its kubeconfig, which works from everywhere on this machine;
                                  NODE `-`: the control plane alone, for nodes that somebody else joins to it
  down NAME                       ends it and removes everything of it
  list                            the rigs of this machine
  enter NAME MACHINE COMMAND…     runs something on a machine: control, or a node's name
  kubectl NAME ARGUMENT…
  service NAME MACHINE SERVICE start|stop|kill|restart
                                  control: etcd, apiserver, controller-manager, scheduler, registry; a node: kubelet, containerd
  power NAME NODE off|on|shutdown off: everything on the node is gone at once, without a word; its disk stays
                                  shutdown: announced to a kubelet that waits for that, and then off
  network NAME NODE cut|heal      cut: what the node sends or is sent is lost
  pressure NAME NODE [memory=BYTES] [disk=BYTES] [pids=COUNT]
                                  so much is all that is left of each from now on, and there is enough of what is not named
  fault NAME NODE [FAULT]         calls of the kubelet to its runtime fail: {"call": "RunPodSandbox", "pod": "*", "message": "no"};
                                  without one, none fails any more
  static NAME NODE                the manifests on stdin, one a line as JSON, are all static pods of the node from now on
  can NAME NODE memory|disk|pids|faults
                                  says in one sentence why this rig cannot do that
  kill NAME NODE NAMESPACE POD CONTAINER [SIGNAL]
                                  kills a container's first process; CONTAINER `(sandbox)`: the pod's sandbox
  image NAME IMAGE DIRECTORY      makes IMAGE (kubereel:1) of busybox and the files of DIRECTORY, and prints what nodes call it
  compact NAME                    etcd forgets all revisions before the newest
  backup NAME BACKUP              keeps what etcd holds; BACKUP: of a-z, 0-9
  restore NAME BACKUP             etcd goes back to that, and the control plane starts anew
K
}

use() { # name: of a rig that is there
  NAME=${1:-}
  [[ $NAME =~ ^[a-z0-9]{1,10}$ ]] || die 64 "a rig's name is 1 to 10 of a-z and 0-9, not '$NAME'"
  RUN=$RUNS/$NAME
  NODES=()
  [ ! -f "$RUN/nodes" ] || read -ra NODES < "$RUN/nodes"
}
use_running() {
  use "${1:-}"
  is_on control || die 69 "there is no rig $NAME here: start it with 'rig.sh up $NAME'"
}

up() {
  local node reason
  use "${1:-}"
  shift
  reason=$(bash "$HERE/needs.sh" run) || die 69 "$reason"
  [ -z "$(missing)" ] || die 69 "the rig is not built in $CACHE: run build.sh"
  case $RUNS/ in /var/lib/* | /var/log/* | /run/* | /proc/* | /sys/*) die 64 "KUBEREEL_RIG_RUNS cannot be $RUNS: a rig's machines have their own there" ;; esac
  mkdir -p "$RUNS"
  exec 9> "$RUNS/.lock"
  flock 9 # one start at a time: they look for free addresses, and sweep
  if is_on control; then die 69 "a rig $NAME runs already: end it with 'rig.sh down $NAME'"; fi
  sweep
  remove
  NODES=("$@")
  [ $# -gt 0 ] || NODES=(rig-1)
  [ "$*" != - ] || NODES=()
  for node in "${NODES[@]}"; do
    [[ $node =~ ^[a-z0-9]([a-z0-9-]*[a-z0-9])?$ && $node != control ]] || die 64 "a node cannot be named '$node'"
  done
  mkdir -p "$RUN"/{log,machines}
  chmod 700 "$RUN"
  trap 'give_up $?' EXIT
  echo "${NODES[*]}" > "$RUN/nodes"
  [ -z "${KUBEREEL_RIG_KUBELET:-}" ] || echo "$KUBEREEL_RIG_KUBELET" > "$RUN/kubelet.conf"
  [ -z "${KUBEREEL_RIG_FAULTS:-}" ] || : > "$RUN/faults"
  [ -z "${KUBEREEL_RIG_DISK:-}" ] || echo "$KUBEREEL_RIG_DISK" > "$RUN/disk"
  [ -z "${KUBEREEL_RIG_APISERVER:-}" ] || echo "$KUBEREEL_RIG_APISERVER" > "$RUN/apiserver.flags"
  mkfifo "$RUN/life" "$RUN/forever"
  boot control "${KUBEREEL_RIG_OWNER:-free}"
  connect_host
  flock -u 9
  start_all
  echo "$RUN/kubeconfig"
}

start_all() {
  local node images
  certificates
  start_control etcd
  start_control registry
  start_control apiserver
  images > "$RUN/log/images.log" 2>&1 &
  images=$!
  for node in "${NODES[@]}"; do
    configure_node "$node"
    make_disk "$node"
    boot "$node"
    connect_node "$node" "$(index_of "$node")"
    start_node "$node" containerd
  done
  await_api
  start_control controller-manager
  start_control scheduler
  wait "$images" || die 70 "the images could not be made: see $RUN/log/images.log"
  for node in "${NODES[@]}"; do
    pull "$node" busybox
    pull "$node" agnhost
    start_node "$node" kubelet
  done
  for node in "${NODES[@]}"; do
    eventually 240 0.25 is_ready "$node" || die 70 "node $node is not ready after a minute: see $RUN/log/kubelet-$node.log"
  done
  eventually 240 0.25 kubectl get serviceaccount default > /dev/null 2>&1 || die 70 "the controller manager makes no service account: see $RUN/log/controller-manager.log"
}
is_ready() {
  is_on control || die 70 "rig $NAME ended while it started"
  [ "$(kubectl get node "$1" -o 'jsonpath={.status.conditions[?(@.type=="Ready")].status}{.spec.taints}' 2> /dev/null)" = True ]
}

give_up() { # exit status of `up`
  [ "$1" != 0 ] || return 0
  halt_all
  echo "rig: $NAME did not start; its logs are in $RUN/log" >&2
}

halt_all() {
  local dir
  halt control
  for dir in "$RUN"/machines/*/; do halt "$(basename "$dir")"; done
  ip link del "kr-$NAME" 2> /dev/null || true
}
remove() {
  halt_all
  remove_cgroups ""
  rm -rf --one-file-system "$RUN"
}
# Rigs whose owner ended without a word are ended too, but their files are left.
sweep() (
  for dir in "$RUNS"/*/; do
    [ -d "$dir" ] || continue
    use "$(basename "$dir")"
    is_on control || remove
  done
)

list() {
  local dir
  for dir in "$RUNS"/*/; do
    [ -d "$dir" ] || continue
    use "$(basename "$dir")"
    is_on control && printf '%s\t%s\t%s\n' "$NAME" "$RUN" "${NODES[*]}"
  done
  return 0
}

service() { # machine service action
  local machine=$1 name=$2 action=$3 starter=(start_control)
  if [ "$machine" != control ]; then
    index_of "$machine" > /dev/null
    starter=(start_node "$machine")
  fi
  case $action in
    start) "${starter[@]}" "$name" ;;
    stop) stop "$machine" "$name" TERM ;;
    kill) stop "$machine" "$name" KILL ;;
    restart)
      stop "$machine" "$name" TERM
      "${starter[@]}" "$name"
      ;;
    *) die 64 "a service can start, stop, kill, restart, not '$action'" ;;
  esac
  [ "$name" != apiserver ] || [ "$action" = stop ] || [ "$action" = kill ] || await_api
}

given() { [ "$1" -ge "$2" ] || { help >&2; exit 64; }; }
command=${1:-help}
[ $# = 0 ] || shift
case $command in
  help | --help | -h) help ;;
  list) list ;;
  up) up "$@" ;;
  down)
    use "${1:-}"
    remove
    ;;
  enter | kubectl | service | power | network | pressure | fault | static | can | kill | image | compact | backup | restore)
    use_running "${1:-}"
    shift
    case $command in
      enter) given $# 2; on "$@" ;;
      kubectl) kubectl "$@" ;;
      service) given $# 3; service "$@" ;;
      power | network)
        given $# 2
        index=$(index_of "$1")
        case $command-$2 in
          power-off) power_off "$1" ;;
          power-shutdown) shut_down "$1" ;;
          power-on) power_on "$1" ;;
          network-cut) cut_off "$index" ;;
          network-heal) heal "$index" ;;
          *) die 64 "$command cannot be '$2'" ;;
        esac
        ;;
      pressure | fault | static | can)
        given $# 1
        index_of "$1" > /dev/null
        case $command in
          pressure) press "$@" ;;
          fault) fault "$@" ;;
          static) place_static_pods "$1" ;;
          can) given $# 2; can "$@" ;;
        esac
        ;;
      kill) given $# 4; kill_container "$1" "$2" "$3" "$4" "${5:-KILL}" ;;
      image) given $# 2; image "$@" ;;
      compact) compact ;;
      backup | restore) given $# 1; "$command" "$1" ;;
    esac
    ;;
  *) die 64 "there is no command '$command': see 'rig.sh help'" ;;
esac
