#!/bin/sh
# Counts the results in the .trx files of a directory, of which there must be as many as the second argument says: prints what
# was skipped and why, then one line with the sums. What neither passed nor was skipped counts as failed.
set -eu
results=$1
expected=$2

outcomes() {
    cat "$results"/*.trx 2>/dev/null | grep -o '<UnitTestResult [^>]*' | grep -o 'outcome="[A-Za-z]*"' || true
}

passed=$(outcomes | grep -c '"Passed"' || true)
skipped=$(outcomes | grep -c '"NotExecuted"' || true)
failed=$(($(outcomes | wc -l) - passed - skipped))

if [ "$skipped" -gt 0 ]; then
    echo "skipped:"
    # The reason follows the result as its message.
    cat "$results"/*.trx | awk '
        /<UnitTestResult / { name = ""; if (/outcome="NotExecuted"/) { match($0, /testName="[^"]*"/); name = substr($0, RSTART + 10, RLENGTH - 11) } }
        name != "" && /<Message>|<StdOut>/ { gsub(/<[^>]*>/, ""); gsub(/^ +| +$/, ""); print "  " name ": " $0; name = "" }' |
        sed 's/&lt;/</g; s/&gt;/>/g; s/&quot;/"/g; s/&amp;/\&/g'
fi

found=$(find "$results" -name '*.trx' | wc -l)
if [ "$found" -ne "$expected" ]; then
    # A project without results is one whose test host died.
    echo "results of $found test projects, expected $expected" >&2
    failed=$((failed + 1))
fi

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
