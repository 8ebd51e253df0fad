#!/bin/sh
# Builds the gannet command into artifacts/gannet, compiled ahead of time (ReadyToRun) for a quick start.
set -eu
root=$(dirname "$(dirname "$(readlink -f "$0")")")
. "$root/build/prerequisites.sh"

mkdir -p "$root/artifacts"
# Two first runs at once: the second waits, and then finds everything up to date.
exec 9>"$root/artifacts/command.lock"
flock 9

log=$root/artifacts/command.log
echo "gannet: building the command; this is done once"
# The names of processors that .NET uses: linux-x64, linux-arm64.
case $(uname -m) in aarch64) processor=arm64 ;; *) processor=x64 ;; esac
if ! dotnet publish "$root/src/Gannet.Tool" -c Release -r "linux-$processor" -o "$root/artifacts/gannet" -v quiet -nologo >"$log" 2>&1; then
    cat "$log"
    exit 1
fi
touch "$root/artifacts/gannet/gannet.built"
