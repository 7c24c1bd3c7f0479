# Restore, build and format. The property NBitcoin was chosen before.
# shellcheck shell=bash
# shellcheck disable=SC2154

compile_all() {
    cd "$root" || exit
    quietly "Restoring packages" dotnet restore PoolWatch.sln -p:NBitcoin="$nbitcoin"
    quietly "The build" dotnet build PoolWatch.sln -c Release --no-restore -v quiet -p:NBitcoin="$nbitcoin"
}

# A start where nothing changed since the last build does not wait for MSBuild to find that out.
compile_service() {
    local stamp=$artifacts/service-built
    if [[ -f $stamp && $(cat "$stamp") == "$nbitcoin" && -f $artifacts/bin/PoolWatch/release/PoolWatch.dll ]] &&
        [[ -z $(find "$root/src" "$root"/Directory.*.props "$root/global.json" "$root/.editorconfig" \
            -newer "$stamp" -print -quit) ]]; then
        return 0
    fi
    say "Building ..."
    rm -f "$stamp"
    local started
    started=$(mktemp)
    (cd "$root" && quietly "The build" dotnet build src/PoolWatch -c Release -v quiet -p:NBitcoin="$nbitcoin")
    # As old as the build's beginning: what was saved meanwhile is built next time.
    echo "$nbitcoin" >"$stamp"
    touch -r "$started" "$stamp"
    rm -f "$started"
}

# publish_service FOLDER
publish_service() {
    local folder
    mkdir -p "$1"
    folder=$(cd "$1" && pwd)
    cd "$root" || exit
    quietly "Publishing" dotnet publish src/PoolWatch -c Release --use-current-runtime -p:PublishReadyToRun=true -p:NBitcoin="$nbitcoin" -o "$folder"
    say "Start it with: dotnet $folder/PoolWatch.dll"
}

format_all() {
    require_dotnet
    cd "$root" || exit
    dotnet format PoolWatch.sln
}

check_format() {
    cd "$root" || exit
    quietly "The format check (./build format puts it right)" dotnet format PoolWatch.sln --verify-no-changes --no-restore
}
