# Sourced by the scripts that build: checks for what a build needs, installs with apt what apt has when it may, and
# otherwise says in one line what is missing.

install() {
    [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null || return 1
    apt-cache show "$1" >/dev/null 2>&1 || apt-get -qq update >/dev/null 2>&1
    DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends "$1" >/dev/null 2>&1
}

require_dotnet() {
    if dotnet --list-sdks 2>/dev/null | grep -q '^10\.'; then return 0; fi
    if install dotnet-sdk-10.0 && dotnet --list-sdks 2>/dev/null | grep -q '^10\.'; then return 0; fi
    echo "missing: the .NET SDK 10 (command dotnet); see https://dotnet.microsoft.com/download" >&2
    return 1
}

require_c_compiler() {
    if command -v cc >/dev/null; then return 0; fi
    if install gcc && install libc6-dev && command -v cc >/dev/null; then return 0; fi
    echo "missing: a C compiler (command cc), for the native part; on Debian: apt-get install gcc libc6-dev" >&2
    return 1
}

require_dotnet && require_c_compiler || exit 1
