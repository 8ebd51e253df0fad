#!/bin/sh
# Counts the results in the .trx files of a directory: prints what was skipped and why, then one line with the sums.
set -eu
results=$1

outcomes() {
    cat "$results"/*.trx 2>/dev/null | grep -o "<UnitTestResult [^>]*outcome=\"$1\"" || true
}

count() {
    outcomes "$1" | wc -l
}

if [ "$(count NotExecuted)" -gt 0 ]; then
    echo "skipped:"
    # The reason follows the result as its message.
    cat "$results"/*.trx | awk '
        /<UnitTestResult / { name = ""; if (/outcome="NotExecuted"/) { match($0, /testName="[^"]*"/); name = substr($0, RSTART + 10, RLENGTH - 11) } }
        name != "" && /<Message>|<StdOut>/ { gsub(/<[^>]*>/, ""); gsub(/^ +| +$/, ""); print "  " name ": " $0; name = "" }'
fi

passed=$(count Passed)
failed=$(count Failed)
echo "$passed passed, $failed failed, $(count NotExecuted) skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
