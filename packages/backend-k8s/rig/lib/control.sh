# shellcheck shell=bash
# The control plane of a rig: certificates, etcd, API server, controller manager, scheduler, the registry and its images.

# issue NAME SUBJECT ALTERNATIVE-NAMES: a key and a certificate, unless they are there.
issue() {
  local pki=$RUN/pki
  [ ! -f "$pki/$1.crt" ] || return 0
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$pki/$1.key" -out "$pki/$1.csr" -subj "$2" 2> /dev/null
  openssl x509 -req -in "$pki/$1.csr" -CA "$pki/ca.crt" -CAkey "$pki/ca.key" -CAcreateserial -days 30 -out "$pki/$1.crt" \
    -extfile <(printf 'subjectAltName=%s\nextendedKeyUsage=serverAuth,clientAuth' "$3") 2> /dev/null
}

# kubeconfig FILE SERVER CERTIFICATE: complete in itself.
kubeconfig() {
  cat > "$1" << K
apiVersion: v1
kind: Config
clusters: [{name: rig, cluster: {server: "$2", certificate-authority-data: $(openssl base64 -A -in "$RUN/pki/ca.crt")}}]
users: [{name: rig, user: {client-certificate-data: $(openssl base64 -A -in "$RUN/pki/$3.crt"), client-key-data: $(openssl base64 -A -in "$RUN/pki/$3.key")}}]
contexts: [{name: rig, context: {cluster: rig, user: rig}}]
current-context: rig
K
  chmod 600 "$1"
}

certificates() {
  local pki=$RUN/pki address
  address=$(cat "$RUN/address")
  mkdir -p "$pki"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -keyout "$pki/ca.key" -out "$pki/ca.crt" \
    -subj /CN=rig-ca 2> /dev/null
  issue apiserver /CN=kube-apiserver \
    "IP:$address,IP:127.0.0.1,IP:$CONTROL,IP:$SERVICE,DNS:localhost,DNS:kubernetes.default.svc"
  issue admin /O=system:masters/CN=kubernetes-admin DNS:admin
  issue scheduler /CN=system:kube-scheduler DNS:scheduler
  issue controller-manager /CN=system:kube-controller-manager DNS:controller-manager
  openssl ecparam -name prime256v1 -genkey -noout -out "$pki/sa.key" 2> /dev/null
  openssl ec -in "$pki/sa.key" -pubout -out "$pki/sa.pub" 2> /dev/null
  kubeconfig "$RUN/kubeconfig" "https://$address:443" admin
  kubeconfig "$RUN/scheduler.conf" https://127.0.0.1:443 scheduler
  kubeconfig "$RUN/controller-manager.conf" https://127.0.0.1:443 controller-manager
  cat > "$RUN/audit.yaml" << 'K'
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
- level: RequestResponse
  resources:
  - {group: "", resources: [pods, pods/status, pods/binding, pods/eviction, pods/ephemeralcontainers, pods/resize, nodes, nodes/status, namespaces, namespaces/finalize, namespaces/status, events]}
  - {group: events.k8s.io}
  - {group: apps}
  - {group: batch}
- level: Metadata
K
}

# start_control SERVICE: one of the control plane's, as it is always started.
start_control() {
  local pki=$RUN/pki
  case $1 in
    etcd)
      start control etcd etcd --data-dir /var/lib/etcd --unsafe-no-fsync \
        --listen-client-urls http://127.0.0.1:2379 --advertise-client-urls http://127.0.0.1:2379 \
        --listen-peer-urls http://127.0.0.1:2380
      ;;
    apiserver)
      # Whoever joins nodes to a control plane alone has no certificates of its own authority.
      local kubelets=
      [ "${#NODES[@]}" = 0 ] || kubelets=--kubelet-certificate-authority=$pki/ca.crt
      # Told to end, it ends its watches within two seconds; by default it waits a minute for its clients to end them.
      # shellcheck disable=SC2046,SC2086 # flags, one word each
      start control apiserver kube-apiserver --etcd-servers=http://127.0.0.1:2379 --secure-port=443 \
        --bind-address=0.0.0.0 --advertise-address="$CONTROL" --endpoint-reconciler-type=none \
        --tls-cert-file="$pki/apiserver.crt" --tls-private-key-file="$pki/apiserver.key" --client-ca-file="$pki/ca.crt" \
        --authorization-mode=Node,RBAC --service-cluster-ip-range=10.96.0.0/16 --allow-privileged=true \
        --service-account-issuer=https://kubernetes.default.svc --service-account-key-file="$pki/sa.pub" \
        --service-account-signing-key-file="$pki/sa.key" --kubelet-client-certificate="$pki/admin.crt" \
        --kubelet-client-key="$pki/admin.key" $kubelets \
        --kubelet-preferred-address-types=InternalIP --event-ttl=24h --shutdown-watch-termination-grace-period=2s --audit-policy-file="$RUN/audit.yaml" \
        --audit-log-path="$RUN/log/audit.jsonl" --audit-log-maxsize=0 $(cat "$RUN/apiserver.flags" 2> /dev/null)
      ;;
    controller-manager)
      start control controller-manager kube-controller-manager --kubeconfig="$RUN/controller-manager.conf" \
        --use-service-account-credentials --service-account-private-key-file="$pki/sa.key" --root-ca-file="$pki/ca.crt" \
        --leader-elect=false --bind-address=127.0.0.1
      ;;
    scheduler)
      start control scheduler kube-scheduler --kubeconfig="$RUN/scheduler.conf" --leader-elect=false --bind-address=127.0.0.1
      ;;
    registry)
      on control mkdir -p /var/lib/registry
      start control registry crane registry serve --address 0.0.0.0:5000 --disk /var/lib/registry
      ;;
    *) die 64 "the control plane has no service $1: etcd, apiserver, controller-manager, scheduler, registry" ;;
  esac
}

api_is_ready() {
  is_on control || die 70 "the rig ended while its API server started"
  kubectl get --raw /readyz --request-timeout=5s > /dev/null 2>&1
}
await_api() { eventually 240 0.25 api_is_ready || die 70 "the API server is not ready after a minute: see $RUN/log/apiserver.log"; }

# images: what scenarios use, made of a few files each, pushed into the rig's registry.
images() {
  local work=$RUN/images bin applet architecture
  bin=$(dir_of control)/cache/bin
  case $(uname -m) in aarch64) architecture=arm64 ;; *) architecture=amd64 ;; esac
  mkdir -p "$work"/pause "$work"/busybox/{bin,tmp,etc,var,root,proc,sys,dev,usr/share}
  cp "$CACHE/bin/pause" "$work/pause/pause"
  cp "$CACHE/bin/busybox" "$work/busybox/bin/busybox"
  for applet in $("$CACHE/bin/busybox" --list); do
    [ "$applet" = busybox ] || ln -sf busybox "$work/busybox/bin/$applet"
  done
  printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n' > "$work/busybox/etc/passwd"
  chmod 1777 "$work/busybox/tmp"
  cp -a "$work/busybox" "$work/agnhost"
  cp "$CACHE/bin/agnhost" "$work/agnhost/agnhost"
  eventually 100 0.1 on control "$bin/crane" catalog 127.0.0.1:5000 --insecure > /dev/null 2>&1
  push pause --entrypoint /pause
  push busybox --cmd sh
  push agnhost --entrypoint /agnhost --cmd pause
  rm -rf "$work"
}
push() { # name flags of crane mutate…
  local name=$1 image=127.0.0.1:5000/$1:1
  shift
  tar -C "$RUN/images/$name" --owner=0 --group=0 --sort=name --mtime=@0 -cf "$RUN/images/$name.tar" .
  on control crane append --insecure -f "$RUN/images/$name.tar" -t "$image"
  on control crane mutate --insecure "$image" --set-platform "linux/$architecture" -e PATH=/bin:/usr/bin:/ "$@" -t "$image"
}
# image IMAGE DIRECTORY: one layer above busybox.
image() {
  local image=127.0.0.1:5000/$1 layer
  [[ $1 =~ ^[a-z0-9]([a-z0-9-]*[a-z0-9])?:[A-Za-z0-9_.-]+$ ]] || die 64 "an image of the rig is named like kubereel:1, not '$1'"
  [ -d "$2" ] || die 66 "there is no directory $2"
  layer=$(mktemp "$RUN/layer-XXXXXX.tar")
  tar -C "$2" --owner=0 --group=0 --sort=name --mtime=@0 -cf "$layer" .
  on control crane append --insecure --base 127.0.0.1:5000/busybox:1 -f "$layer" -t "$image" > /dev/null 2> "$RUN/log/image.log" ||
    die 70 "$image could not be made: $(tail -1 "$RUN/log/image.log")"
  rm -f "$layer"
  echo "$image"
}

# etcd_call PATH BODY: one request over HTTP to etcd, the answer's body on stdout.
etcd_call() {
  # shellcheck disable=SC2016
  on control bash -c '
    exec 3<> /dev/tcp/127.0.0.1/2379
    printf "POST %s HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" "$1" "${#2}" "$2" >&3
    read -r _ status _ <&3
    while read -r line && [ "$line" != $'"'\\r'"' ]; do :; done <&3
    cat <&3
    [ "$status" = 200 ]' _ "$1" "$2"
}
# compact: forgets every revision before the newest, and prints that one.
compact() {
  local revision answer
  answer=$(etcd_call /v3/maintenance/status '{}') || die 70 "etcd did not say its revision: $answer"
  revision=$(sed -E 's/.*"revision": ?"([0-9]+)".*/\1/' <<< "$answer")
  answer=$(etcd_call /v3/kv/compaction "{\"revision\":\"$revision\",\"physical\":true}") ||
    die 70 "etcd did not compact to revision $revision: $answer"
  echo "$revision"
}

# backup BACKUP: a copy of etcd's disk. etcd stands still meanwhile: a copy of a disk that is written is not whole.
backup() {
  [[ $1 =~ ^[a-z0-9]+$ ]] || die 64 "a backup's name is of a-z and 0-9, not '$1'"
  stop control etcd TERM
  mkdir -p "$RUN/backups"
  rm -rf "$RUN/backups/$1"
  cp -a "$(dir_of control)/var-lib/etcd" "$RUN/backups/$1"
  start_control etcd
  await_api
}
# restore BACKUP: as after a disaster. Who remembers what is no longer so starts anew, but for the kubelets.
restore() {
  local service disk
  [ -d "$RUN/backups/$1" ] || die 66 "rig $NAME has no backup '$1'"
  disk=$(dir_of control)/var-lib/etcd
  for service in scheduler controller-manager apiserver etcd; do stop control "$service" TERM; done
  rm -rf "$disk"
  cp -a "$RUN/backups/$1" "$disk"
  start_control etcd
  start_control apiserver
  await_api
  start_control controller-manager
  start_control scheduler
}
