# Runs every test project and sums their results: the last line is "N passed, N failed".
# shellcheck shell=bash
# shellcheck disable=SC2154

run_tests() {
    if [[ ${1:-} == -- ]]; then shift; fi
    require_dotnet
    install_all
    say "PostgreSQL: $(postgres_version); node: $BITCOIND; promtool: $PROMTOOL; prometheus: $PROMETHEUS; alertmanager: $ALERTMANAGER"
    choose_nbitcoin
    say "Building ..."
    compile_all
    say "Checking the format ..."
    check_format
    run_test_projects "$@"
}

postgres_version() {
    local program
    program=$(command -v postgres || ls -d /usr/lib/postgresql/*/bin/postgres)
    "${program##*$'\n'}" --version
}

run_test_projects() {
    local results=$artifacts/test-results folder project
    rm -rf "$results"
    mkdir -p "$results"
    passed=0 failed=0 skipped=0 failures=""
    for folder in "$root"/tests/*.Tests; do
        project=${folder##*/}
        say "Testing $project ..."
        local status=0
        (cd "$root" && dotnet test --project "tests/$project" -c Release --no-build --no-progress --no-ansi \
            --results-directory "$results" --report-trx --report-trx-filename "$project.trx" "$@") || status=$?
        # Status 8: no test ran. With options, such as a filter, that is fine for one project; the sum has to be above zero.
        if ((status == 8 && $# > 0)); then continue; fi
        add_results "$project" "$results/$project.trx" "$status"
    done
    if ((passed + failed == 0)); then say "No test ran."; fi
    if [[ -n $failures ]]; then say "Failed:"$'\n'"${failures%$'\n'}"; fi
    if ((skipped > 0)); then
        say "$passed passed, $failed failed, $skipped skipped"
    else
        say "$passed passed, $failed failed"
    fi
    ((failed == 0 && passed > 0))
}

# A process that ended badly without a failed test in its report (or without a report) counts as one failure.
add_results() {
    local project=$1 report=$2 status=$3 counts=(0 0 0) listed
    if [[ -f $report ]]; then
        read -ra counts < <(count_results "$report")
        listed=$(list_failures "$report")
        failures+=${listed:+$listed$'\n'}
    fi
    ((passed += counts[0], failed += counts[1], skipped += counts[2])) || true
    if ((status != 0 && counts[1] == 0)) || [[ ! -f $report && $status -eq 0 ]]; then
        say "$project ended with status $status and no failed test in its report."
        failed=$((failed + 1))
    fi
}

# count_results TRX: "passed failed skipped" from the one <Counters .../> element.
count_results() {
    tr '\n' ' ' <"$1" | grep -o '<Counters [^>]*>' | awk '
        function value(name) { return match($0, " " name "=\"[0-9]+\"") ? substr($0, RSTART + length(name) + 3) + 0 : 0 }
        {
            passed = value("passed")
            skipped = value("notExecuted")
            print passed, value("total") - passed - skipped, skipped
        }'
}

# list_failures TRX: each failed test with the first lines of its message; what a test run printed on the way may be long.
list_failures() {
    awk '
        /<UnitTestResult .*outcome="Failed"/ {
            match($0, /testName="[^"]*"/)
            print "  " substr($0, RSTART + 10, RLENGTH - 11)
            lines = 8
        }
        lines == 8 && !/<Message>/ { next }
        lines > 0 {
            last = /<\/Message>/
            gsub(/^ *<Message>|<\/Message>.*/, "")
            print "      " $0
            lines = last ? 0 : lines - 1
        }' "$1" | sed 's/&lt;/</g; s/&gt;/>/g; s/&quot;/"/g; s/&#39;/'"'"'/g; s/&amp;/\&/g'
}
