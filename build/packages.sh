#!/bin/sh
# Makes the packages of the library and of the command in artifacts/packages.
set -eu
root=$(dirname "$(dirname "$(readlink -f "$0")")")
. "$root/build/prerequisites.sh"

rm -rf "$root/artifacts/packages"
dotnet pack "$root/src/Gannet" -c Release -v quiet -nologo
dotnet pack "$root/src/Gannet.Tool" -c Release -v quiet -nologo
