#!/bin/sh
# Builds selaras-verify-go into OUT_DIR, offline, against the golang.org/x/mod that Debian packages
# (golang-go, golang-golang-x-mod-dev).
set -eu

if [ $# -ne 1 ]; then
  echo "usage: build.sh OUT_DIR" >&2
  exit 2
fi

mkdir -p "$1"
out=$(cd "$1" && pwd)
cd "$(dirname "$0")"

# Debian installs Go libraries as a GOPATH tree, without module metadata.
export GO111MODULE=off GOPATH=/usr/share/gocode GOPROXY=off GOFLAGS='' GOTOOLCHAIN=local CGO_ENABLED=0
export GOCACHE="${GOCACHE:-${XDG_CACHE_HOME:-${HOME:-$out}/.cache}/go-build}"

exec go build -trimpath -o "$out/selaras-verify-go" .
