# shellcheck shell=bash
# The nodes of a rig: containerd, kubelet, and what can be done to them.

index_of() {
  local i
  for i in "${!NODES[@]}"; do
    [ "${NODES[$i]}" != "$1" ] || { echo $((i + 1)); return; }
  done
  die 64 "rig $NAME has no node $1: it has ${NODES[*]}"
}

# An overlay on an overlay (a rig in a container, say) is refused by the kernel: then containerd copies.
snapshotter() {
  local there
  there=$(mktemp -d "$RUN/overlay.XXXX")
  mkdir "$there"/{lower,upper,work,merged}
  if unshare --mount mount -t overlay overlay -o "lowerdir=$there/lower,upperdir=$there/upper,workdir=$there/work" "$there/merged" 2> /dev/null
  then echo overlayfs; else echo native; fi
  rm -rf "$there"
}

configure_node() { # node
  local node=$1 index dir address
  index=$(index_of "$node")
  dir=$(dir_of "$node")
  address=$(node_address "$index")
  mkdir -p "$dir"/{manifests,kubelet.d,cni,certs.d/127.0.0.1:5000}
  issue "kubelet-$node" "/CN=$node" "IP:$address,DNS:$node"
  issue "node-$node" "/O=system:nodes/CN=system:node:$node" "DNS:$node"
  kubeconfig "$dir/node.conf" "https://$CONTROL:443" "node-$node"
  echo "server = \"http://$CONTROL:5000\"" > "$dir/certs.d/127.0.0.1:5000/hosts.toml"
  cat > "$dir/cni/10-rig.conflist" << K
{"cniVersion": "1.0.0", "name": "rig", "plugins": [
  {"type": "bridge", "bridge": "pods", "isGateway": true, "ipMasq": false,
   "ipam": {"type": "host-local", "ranges": [[{"subnet": "10.88.$((index - 1)).0/24"}]], "routes": [{"dst": "0.0.0.0/0"}]}}]}
K
  cat > "$dir/containerd.toml" << K
version = 3
[plugins."io.containerd.cri.v1.images"]
  snapshotter = "$(snapshotter)"
[plugins."io.containerd.cri.v1.images".pinned_images]
  sandbox = "127.0.0.1:5000/pause:1"
[plugins."io.containerd.cri.v1.images".registry]
  config_path = "$dir/certs.d"
[plugins."io.containerd.cri.v1.runtime"]
  restrict_oom_score_adj = true # a machine may lack the right to lower it
[plugins."io.containerd.cri.v1.runtime".cni]
  bin_dirs = ["$dir/cache/cni"]
  conf_dir = "$dir/cni"
[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc]
  runtime_type = "io.containerd.runc.v2"
K
  cat > "$dir/kubelet.yaml" << K
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
failCgroupV1: false
failSwapOn: false
cgroupDriver: cgroupfs
cgroupRoot: /kubereel-$NAME/$node
enforceNodeAllocatable: []
containerRuntimeEndpoint: unix:///run/containerd/containerd.sock
clusterDNS: [10.96.0.10]
clusterDomain: cluster.local
resolvConf: ""
address: $address
authentication: {anonymous: {enabled: false}, webhook: {enabled: false}, x509: {clientCAFile: $RUN/pki/ca.crt}}
authorization: {mode: AlwaysAllow}
tlsCertFile: $RUN/pki/kubelet-$node.crt
tlsPrivateKeyFile: $RUN/pki/kubelet-$node.key
evictionHard: {memory.available: 100Mi, nodefs.available: 1%, imagefs.available: 1%}
staticPodPath: $dir/manifests
volumePluginDir: /var/lib/kubelet/volume-plugins
K
  [ ! -f "$RUN/faults" ] || runtime_proxy_config > "$dir/kubelet.d/20-runtime.conf"
  [ ! -f "$RUN/kubelet.conf" ] || cp "$RUN/kubelet.conf" "$dir/kubelet.d/10-rig.conf"
}

# start_node NODE SERVICE
start_node() {
  local node=$1 dir
  dir=$(dir_of "$node")
  case $2 in
    containerd)
      start "$node" containerd containerd -c "$dir/containerd.toml"
      eventually 300 0.1 on "$node" test -S /run/containerd/containerd.sock || die 70 "containerd of $node does not answer: see $RUN/log/containerd-$node.log"
      ;;
    kubelet)
      start_runtime_proxy "$node"
      start_login_manager "$node"
      start "$node" kubelet env DBUS_SYSTEM_BUS_ADDRESS="unix:path=$BUS" kubelet --config="$dir/kubelet.yaml" --config-dir="$dir/kubelet.d" --kubeconfig="$dir/node.conf" \
        --cert-dir="$dir/pki" --hostname-override="$node" --node-ip="$(node_address "$(index_of "$node")")" -v=2
      ;;
    *) die 64 "a node has no service $2: kubelet, containerd" ;;
  esac
}

# pull NODE IMAGE: a pod finds it there. Images that a pod must pull first are pushed under another name.
pull() {
  ctr_on "$1" images pull --hosts-dir "$(dir_of "$1")/certs.d" "127.0.0.1:5000/$2:1" >> "$RUN/log/images.log" 2>&1 ||
    die 70 "$1 could not pull the image $2: see $RUN/log/images.log"
}
# ctr says at each call how old version 1 of cgroups is.
ctr_on() {
  local node=$1
  shift
  { on "$node" ctr -n k8s.io "$@" 2>&1 >&3 | { grep -v DEPRECATION || true; } >&2; } 3>&1
}

power_on() { # node
  call_off "$1"
  ! is_on "$1" || return 0
  boot "$1"
  connect_node "$1" "$(index_of "$1")"
  press_again "$1"
  start_node "$1" containerd
  start_node "$1" kubelet
}
# The network goes first: a machine that loses power says no goodbye to whom it was connected.
power_off() { # node
  is_on "$1" || return 0
  cut_off "$(index_of "$1")"
  halt "$1"
}

# place_static_pods NODE: those on stdin, one manifest a line. What stays as it is is not touched.
place_static_pods() {
  local dir new line file
  dir=$(dir_of "$1")/manifests
  new=$(mktemp -d "$RUN/static.XXXX")
  while IFS= read -r line; do
    [ -z "$line" ] || echo "$line" > "$new/$(sha256sum <<< "$line" | cut -c 1-16).json"
  done
  for file in "$dir"/*; do [ ! -f "$file" ] || [ -f "$new/${file##*/}" ] || rm -f "$file"; done
  for file in "$new"/*; do [ ! -f "$file" ] || [ -f "$dir/${file##*/}" ] || mv "$file" "$dir/"; done
  rm -rf "$new"
}

# kill_container NODE NAMESPACE POD CONTAINER SIGNAL: the container's first process; `(sandbox)` is the pod's own.
kill_container() {
  local node=$1 namespace=$2 pod=$3 container=$4 signal=$5 filter id
  filter="labels.\"io.kubernetes.pod.namespace\"==$namespace,labels.\"io.kubernetes.pod.name\"==$pod"
  if [ "$container" = "(sandbox)" ]; then
    filter+=",labels.\"io.cri-containerd.kind\"==sandbox"
  else
    filter+=",labels.\"io.cri-containerd.kind\"==container,labels.\"io.kubernetes.container.name\"==$container"
  fi
  for id in $(ctr_on "$node" containers ls -q "$filter"); do
    # Earlier lives of the container are still listed, and have no process.
    if ctr_on "$node" task ls | awk -v id="$id" '$1 == id && $3 == "RUNNING" {found = 1} END {exit !found}'; then
      ctr_on "$node" task kill -s "$signal" "$id"
      return
    fi
  done
  die 66 "on $node no container $container of pod $namespace/$pod is running"
}
