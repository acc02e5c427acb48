#!/usr/bin/env bash
# Makes the rig ready to start: installs what the machine lacks (root on Debian only), builds what the cache lacks.
# Exit status 69, and one sentence on stdout: it cannot be on this machine. Progress goes to stderr.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
bash ./needs.sh install
for what in run build; do
  reason=$(bash ./needs.sh $what) || {
    echo "$reason"
    exit 69
  }
done
exec bash ./build.sh
