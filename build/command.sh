#!/bin/sh
# Builds the gannet command into artifacts/gannet, compiled ahead of time (ReadyToRun) for a quick start.
set -eu
root=$(dirname "$(dirname "$(readlink -f "$0")")")
. "$root/build/prerequisites.sh"

mkdir -p "$root/artifacts/gannet"
# Two first runs at once: the second waits, and then finds everything up to date.
exec 9>"$root/artifacts/command.lock"
flock 9

log=$root/artifacts/command.log
# The command finds .NET where it was built with it, also when that is no place that .NET programs look in by themselves.
dotnet_root=$(dirname "$(readlink -f "$(command -v dotnet)")")
AppHostRelativeDotNet=$(realpath --relative-to="$root/artifacts/gannet" "$dotnet_root")
export AppHostRelativeDotNet
# What is committed while this builds is not in it: the time that counts is that of the beginning.
touch "$root/artifacts/command.begun"
echo "gannet: building the command; this is done once"
# The names of processors that .NET uses: linux-x64, linux-arm64.
case $(uname -m) in aarch64) processor=arm64 ;; *) processor=x64 ;; esac
if ! dotnet publish "$root/src/Gannet.Tool" -c Release -r "linux-$processor" -o "$root/artifacts/gannet" -v quiet -nologo >"$log" 2>&1; then
    cat "$log"
    exit 1
fi
mv "$root/artifacts/command.begun" "$root/artifacts/gannet/gannet.built"
