# Sets nbitcoin=true|false: whether the build takes NBitcoin in. Not every package source serves it.
# shellcheck shell=bash
# shellcheck disable=SC2154

choose_nbitcoin() {
    case ${NBITCOIN:-} in
        true | false) nbitcoin=$NBITCOIN ;;
        '')
            if [[ ${CI:-} == true ]]; then nbitcoin=false; else ask_for_nbitcoin; fi
            ;;
        *) fail "NBITCOIN is '$NBITCOIN'; it must be true or false." ;;
    esac
    # MSBuild takes environment variables as properties without regard to case: the answer, not the question, must stand there.
    unset NBITCOIN
    export NBitcoin=$nbitcoin
}

# The answer is kept with what was asked; a different version or an additional source asks again.
ask_for_nbitcoin() {
    local version question answer kept=$artifacts/nbitcoin-answer log
    version=$(sed -n 's/.*Include="NBitcoin" Version="\([^"]*\)".*/\1/p' "$root/Directory.Packages.props")
    question="$version ${RestoreAdditionalProjectSources:-}"
    if [[ -f $kept && $(head -n 1 "$kept") == "$question" ]]; then
        nbitcoin=$(tail -n 1 "$kept")
        return 0
    fi
    log=$(mktemp)
    if (cd "$root" && timeout 120 dotnet restore src/PoolWatch.NBitcoin -p:NBitcoin=true) >"$log" 2>&1; then
        answer=true
        say "NBitcoin $version: the NuGet source serves it; building with it (NBITCOIN=false builds without)."
    elif grep -qE 'NU1101|NU1102|NU1103' "$log"; then
        answer=false
        say "NBitcoin $version: the NuGet source does not serve it; building without (NBITCOIN=true insists)."
    else
        # No answer at all: nothing to keep.
        say "NBitcoin $version: the NuGet source did not answer; building without this time."
    fi
    rm -f "$log"
    nbitcoin=${answer:-false}
    if [[ -n ${answer:-} ]]; then printf '%s\n' "$question" "$answer" >"$kept"; fi
}
