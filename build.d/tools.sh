# Programs that only the tests need: named by the user, in PATH, in the cache, or fetched from Debian (debian.sh).
# shellcheck shell=bash
# shellcheck disable=SC2154

require_node() {
    if [[ -z ${BITCOIND:-} ]]; then
        find_program bitcoind bitcoin-knots
        BITCOIND=$found
    fi
    [[ -x $BITCOIND ]] || fail "BITCOIND is '$BITCOIND', which is not an executable file."
    export BITCOIND
}

require_promtool() {
    if [[ -z ${PROMTOOL:-} ]]; then
        find_program promtool promtool
        PROMTOOL=$found
    fi
    [[ -x $PROMTOOL ]] || fail "PROMTOOL is '$PROMTOOL', which is not an executable file."
    export PROMTOOL
}

require_prometheus() {
    if [[ -z ${PROMETHEUS:-} ]]; then
        find_program prometheus prometheus
        PROMETHEUS=$found
    fi
    [[ -x $PROMETHEUS ]] || fail "PROMETHEUS is '$PROMETHEUS', which is not an executable file."
    export PROMETHEUS
}

# The types that Grafana publishes, and the compiler that checks the dashboards against them: npm packages by their lock file, in the cache.
require_grafana_schema() {
    local source=$root/tests/grafana-schema folder work
    if [[ -z ${GRAFANA_SCHEMA:-} ]]; then
        require_nodejs
        folder=$cache/grafana-schema-$(sha256sum "$source/package-lock.json" | cut -c1-16)
        if [[ ! -d $folder ]]; then
            say "Fetching Grafana's published types for the tests (npm packages, below $cache) ..."
            mkdir -p "$cache"
            work=$(mktemp -d "$cache/unpacking.XXXXXX")
            cp "$source"/package*.json "$work"
            # Node.js has its own list of authorities; a machine behind a proxy trusts others besides.
            quietly "npm ci (or name a folder of those packages in GRAFANA_SCHEMA)" \
                env NODE_EXTRA_CA_CERTS="${NODE_EXTRA_CA_CERTS:-/etc/ssl/certs/ca-certificates.crt}" npm --prefix "$work" ci --no-audit --no-fund --ignore-scripts
            mv -T "$work" "$folder" 2>/dev/null || rm -rf "$work"
        fi
        GRAFANA_SCHEMA=$folder/node_modules
    fi
    [[ -d $GRAFANA_SCHEMA/@grafana/schema ]] || fail "GRAFANA_SCHEMA is '$GRAFANA_SCHEMA', which has no @grafana/schema."
    export GRAFANA_SCHEMA
}

require_alertmanager() {
    if [[ -z ${ALERTMANAGER:-} ]]; then
        find_program prometheus-alertmanager prometheus-alertmanager ALERTMANAGER
        ALERTMANAGER=$found
    fi
    [[ -x $ALERTMANAGER ]] || fail "ALERTMANAGER is '$ALERTMANAGER', which is not an executable file."
    export ALERTMANAGER
}

# find_program PROGRAM PACKAGE [VARIABLE]: sets found to the program's path.
find_program() {
    if found=$(command -v "$1") || cached_program "$1" "$2"; then return 0; fi
    unpack_package "$1" "$2" "${3:-${1^^}}"
    cached_program "$1" "$2" || fail "$1 is not in Debian's package $2. Name an installed one in ${3:-${1^^}}."
}

cached_program() {
    local wrapper
    found=
    for wrapper in "$cache/$2"-*/bin/"$1"; do
        if [[ -x $wrapper ]]; then found=$wrapper; fi
    done
    [[ -n $found ]]
}
