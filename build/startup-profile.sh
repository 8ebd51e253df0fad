#!/bin/sh
# Makes src/Gannet.Tool.Startup/compiler.mibc anew: which generic code the SDK's C# compiler needs at the start of the prompt. To be run when the
# SDK has a new compiler, or when the start has become slow; an old profile is a slower start, and nothing else.
set -eu
root=$(dirname "$(dirname "$(readlink -f "$0")")")
. "$root/build/prerequisites.sh"

case $(uname -m) in aarch64) processor=arm64 ;; *) processor=x64 ;; esac
# What is compiled ahead of time leaves no trace, so a command without it is looked at.
dotnet publish "$root/src/Gannet.Tool" -c Release -r "linux-$processor" -o "$root/artifacts/startup" -p:UseStartupProfile=false -v quiet -nologo
dotnet run --project "$root/build/StartupProfile" -c Release -v quiet -- "$root/artifacts/startup/gannet" "$root/src/Gannet.Tool.Startup/compiler.mibc"
