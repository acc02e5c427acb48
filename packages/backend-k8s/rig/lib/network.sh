# shellcheck shell=bash
# The network of a rig: the host sees the API server over one link; nodes hang on a bridge of the control plane's machine.
#   host 198.18.N.1 ── 198.18.N.2 control 10.89.0.254 ── 10.89.0.I node I, whose pods are 10.88.(I-1).0/24
# Every address has its hardware address written down beforehand, so that what is cut off is silent, not refused.

CONTROL=10.89.0.254
SERVICE=10.96.0.1 # where pods look for the API server: an address of the control plane's machine
node_address() { echo "10.89.0.$1"; }
hardware() { printf '02:00:0a:59:00:%02x' "$1"; }

ip_of() { # machine arguments of ip…
  local init
  init=$(init_of "$1") || die 69 "the power of $1 is off"
  shift
  nsenter -t "$init" -n ip "$@"
}

# connect_host: takes a free pair of addresses that hosts never route (198.18.0.0/15 is for benchmarks) and prints the rig's.
connect_host() {
  local number=0 taken
  taken=$(ip -o -4 addr show)
  while [[ $taken == *" 198.18.$number."* ]]; do number=$((number + 1)); done
  ip link add "kr-$NAME" type veth peer name host0 netns "$(init_of control)"
  ip addr add "198.18.$number.1/30" dev "kr-$NAME"
  ip link set "kr-$NAME" up
  ip_of control addr add "198.18.$number.2/30" dev host0
  ip_of control link set host0 up
  ip_of control addr add "$SERVICE/32" dev lo
  ip_of control link add nodes type bridge
  ip_of control link set nodes address "$(hardware 254)"
  ip_of control addr add "$CONTROL/24" dev nodes
  ip_of control link set nodes up
  echo "198.18.$number.2" > "$RUN/address"
}

# connect_node NODE INDEX: plugs it in. Its other end went with the node when the power did.
connect_node() {
  local node=$1 index=$2 other peer
  ip_of control link del "node$index" 2> /dev/null || true
  ip_of control link add "node$index" type veth peer name eth0 netns "$(init_of "$node")"
  ip_of "$node" link set eth0 address "$(hardware "$index")"
  ip_of "$node" addr add "$(node_address "$index")/24" dev eth0
  ip_of "$node" link set eth0 up
  ip_of "$node" route add default via "$CONTROL"
  ip_of "$node" neigh replace "$CONTROL" lladdr "$(hardware 254)" dev eth0 nud permanent
  ip_of control neigh replace "$(node_address "$index")" lladdr "$(hardware "$index")" dev nodes nud permanent
  ip_of control route replace "10.88.$((index - 1)).0/24" via "$(node_address "$index")"
  for other in "${NODES[@]}"; do
    [ "$other" != "$node" ] || continue
    peer=$(index_of "$other")
    ip_of "$node" neigh replace "$(node_address "$peer")" lladdr "$(hardware "$peer")" dev eth0 nud permanent
    ip_of "$node" route add "10.88.$((peer - 1)).0/24" via "$(node_address "$peer")"
  done
  heal "$index"
}

heal() { ip_of control link set "node$1" master nodes up; }
# Its packets go nowhere, without an error on either side.
cut_off() { ip_of control link set "node$1" nomaster; }
