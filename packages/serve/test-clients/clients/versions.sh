#!/usr/bin/env bash
# Which clients the tests of the served API are run with, and where they are kept. A version is changed here and nowhere else;
# those of Kubernetes itself are the rig's (packages/backend-k8s/rig/versions.sh).
# shellcheck disable=SC2034
OLD_KUBERNETES=1.34.4 # two minors older than the API that is served: the oldest kubectl may be one older, or one newer
K9S=0.50.9            # the newest whose sums the checksum database of Go modules knows
KWOK=0.8.0            # what benches put beside simulated nodes

CLIENTS=(kubectl old-kubectl k9s tmux controller e2e python)
