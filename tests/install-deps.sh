#!/bin/sh
# Installs what the build and the tests need from Debian's packages, once.
set -eu
missing=
need() { command -v "$1" >/dev/null 2>&1 || missing="$missing $2"; }
need cc gcc
need python3 python3
need nginx nginx-light
need minisign minisign
need strace strace
need valgrind valgrind
need script bsdutils
[ -z "$missing" ] && exit 0
echo "installing:$missing"
as_root=
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null 2>&1 || { echo "run as root, or install these yourself:$missing" >&2; exit 1; }
    as_root=sudo
fi
# Packages that bring a service along must not start it.
export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1
$as_root apt-get update -qq
# shellcheck disable=SC2086
$as_root apt-get install -y -qq --no-install-recommends libc6-dev $missing
