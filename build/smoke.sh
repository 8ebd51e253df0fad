#!/bin/sh
# Publishes the smoke program trimmed and as native code, with every trim and AOT warning an error, and runs both. NativeAOT goes
# by way of .NET 9, whose compiler package is on more registries than that of .NET 10.
set -eu
root=$(dirname "$(dirname "$(readlink -f "$0")")")
. "$root/build/prerequisites.sh"
case $(uname -m) in aarch64) rid=linux-arm64 ;; *) rid=linux-x64 ;; esac

passed=0
failed=0
check() {
    name=$1
    shift
    output=$root/artifacts/smoke/$name
    rm -rf "$output"
    status=0
    if dotnet publish "$root/tests/Gannet.Smoke" -c Release -r $rid -o "$output" -v quiet -nologo "$@"; then
        "$output/Gannet.Smoke" || status=$?
    fi
    # 7 is what the program ends with when every room works.
    if [ "$status" -eq 7 ]; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "$name: status $status" >&2; fi
}

check trimmed --self-contained -p:PublishTrimmed=true
check native -p:GannetFramework=net9.0 -p:PublishAot=true
echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
