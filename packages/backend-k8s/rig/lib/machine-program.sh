# shellcheck shell=bash
# What nodes have of the program `machine`: a runtime whose calls can be made to fail (only in a rig that was started for that), and,
# where the kubelet is configured to hold up a shutdown, somebody who announces one.

RUNTIME=/run/kubereel/runtime
BUS=/run/kubereel/bus
LOGIND=/run/kubereel/logind

runtime_proxy_config() {
  printf 'apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\ncontainerRuntimeEndpoint: unix://%s\n' "$RUNTIME"
}
start_runtime_proxy() { # node
  [ -f "$RUN/faults" ] || return 0
  start "$1" runtime-proxy machine cri "$RUNTIME" /run/containerd/containerd.sock "$(dir_of "$1")/faults"
  eventually 100 0.1 on "$1" test -S "$RUNTIME" || die 70 "nobody answers the kubelet of $1: see $RUN/log/runtime-proxy-$1.log"
}
# fault NODE [FAULT]: it outlives the node's power.
fault() {
  [ $# = 1 ] || can "$1" faults
  "$CACHE/bin/machine" fault "$(dir_of "$1")/faults" "${@:2}" || die 64 "that is no fault: ${*:2}"
}

announces() { grep -qs shutdownGracePeriod "$(dir_of "$1")"/kubelet.d/*.conf; }
start_login_manager() { # node
  announces "$1" || return 0
  start "$1" logind machine logind "$BUS" "$LOGIND"
  eventually 100 0.1 on "$1" test -S "$LOGIND" || die 70 "the login manager of $1 did not start: see $RUN/log/logind-$1.log"
}

# shut_down NODE: the power goes when nobody holds that up any more, which is not waited for.
shut_down() {
  local node=$1 mark
  mark=$(dir_of "$1")/shutting-down
  is_on "$node" && [ ! -e "$mark" ] || return 0
  if ! is_running "$node" logind; then
    power_off "$node"
    return
  fi
  : > "$mark"
  (
    trap 'rm -f "$mark"' EXIT
    status=0
    on "$node" machine shutdown "$LOGIND" || status=$?
    [ "$status" = 75 ] || power_off "$node"
  ) > "$RUN/log/shutdown-$node.log" 2>&1 < /dev/null 9>&- &
}
# call_off NODE: a shutdown that is still held up; one that is not any more ends first.
call_off() {
  local mark
  mark=$(dir_of "$1")/shutting-down
  [ -e "$mark" ] || return 0
  on "$1" machine cancel "$LOGIND" > /dev/null 2>&1 || true
  eventually 300 0.1 test ! -e "$mark" || die 70 "$1 is still being shut down: see $RUN/log/shutdown-$1.log"
}
