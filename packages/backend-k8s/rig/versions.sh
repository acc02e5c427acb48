#!/usr/bin/env bash
# What the rig is built of, and where it is kept. Read by the other scripts; a version is changed here and nowhere else.
# shellcheck disable=SC2034
KUBERNETES=1.36.3
STAGING=0.36.3 # the published version of what Kubernetes keeps in its own staging directory
CONTAINERD=2.3.7
RUNC=1.4.0
ETCD=3.6.8
CNI=1.9.1
CRANE=0.21.9
GRPC=1.79.3
DBUS=5.2.2

CACHE=${KUBEREEL_RIG_CACHE:-${HOME:-/root}/.cache/kubereel-rig/v$KUBERNETES}
# A Unix socket's path is short, and some paths are hidden on a rig's machines: not below TMPDIR or HOME.
RUNS=${KUBEREEL_RIG_RUNS:-/var/tmp/kubereel-rigs}

PROGRAMS=(etcd kube-apiserver kube-controller-manager kube-scheduler kubelet kubectl agnhost
  containerd containerd-shim-runc-v2 ctr runc crane pause busybox machine)
PLUGINS=(bridge host-local loopback)

# missing: what is not in the cache yet, one a line. A file has its name only once it is whole.
missing() {
  local file
  for file in "${PROGRAMS[@]/#/bin/}" "${PLUGINS[@]/#/cni/}"; do
    [ -x "$CACHE/$file" ] || echo "$file"
  done
}
