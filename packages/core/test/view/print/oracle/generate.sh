#!/usr/bin/env bash
# Writes the golden files of the tests of tables, selectors and lists, from the cases that lie beside them, with Kubernetes' own code.
# Needs Go and its module proxy, or a module cache that has Kubernetes; the first build takes some minutes.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../../../../../backend-k8s/rig/versions.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export GOFLAGS=-mod=mod CGO_ENABLED=0 GOWORK=off
cp "$here/oracle_test.go" "$work"
cd "$work"
printf 'module oracle\n\ngo 1.26.0\n' > go.mod
go mod download "k8s.io/kubernetes@v$KUBERNETES"
source=$(go env GOMODCACHE)/k8s.io/kubernetes@v$KUBERNETES
# Its go.mod points into its staging directory: here each of those modules is its published self.
{
  echo "require k8s.io/kubernetes v$KUBERNETES"
  echo "replace ("
  awk -v version="v$STAGING" '/=> \.\/staging/ {print "\t" $1 " => " $1 " " version}' "$source/go.mod"
  echo ")"
} >> go.mod
go mod tidy > /dev/null 2>&1
tables=$(cd "$here/.." && pwd)
lists=$(cd "$here/../../../decide/apiserver/list" && pwd)
ORACLE_CASES=$tables ORACLE_GOLDEN=$tables go test -vet=off -count=1 -run 'TestTables' .
ORACLE_CASES=$lists ORACLE_GOLDEN=$lists go test -vet=off -count=1 -run 'Selectors|ListOptions|ContinueTokens|Bookmarks|FieldValues' .
cd "$here/../../../../../.."
npx biome format --write "$tables" "$lists"
