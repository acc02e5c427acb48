#!/usr/bin/env bash
# The rig's driver for `kubereel run --node-driver "bash …/rig/driver.sh NAME"`: driver.ts with the Node.js of this checkout.
cd "$(dirname "${BASH_SOURCE[0]}")" && exec ../../../node_modules/.bin/node --conditions=source ./driver.ts "$@"
