# What has to be on the machine itself: the .NET SDK and PostgreSQL's binaries.
# shellcheck shell=bash

say() { printf '%s\n' "$*"; }

fail() {
    printf 'build: %s\n' "$*" >&2
    exit 1
}

# quietly WHAT COMMAND...: shows the command's output only when it fails.
quietly() {
    local what=$1 log
    shift
    log=$(mktemp)
    if "$@" >"$log" 2>&1; then
        rm -f "$log"
        return 0
    fi
    cat "$log" >&2
    rm -f "$log"
    fail "$what failed."
}

require_dotnet() {
    if ! command -v dotnet >/dev/null; then
        fail "The .NET 10 SDK is missing: no 'dotnet' in PATH. See https://dotnet.microsoft.com/download/dotnet/10.0"
    fi
    if ! dotnet --list-sdks | grep -q '^10\.'; then
        fail "The .NET 10 SDK is missing: 'dotnet --list-sdks' shows no 10.x. See https://dotnet.microsoft.com/download/dotnet/10.0"
    fi
    export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
}

# Runs a command as root, or gives status 127 when this user may not.
as_root() {
    if ((EUID == 0)); then
        "$@"
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        sudo -n "$@"
    else
        return 127
    fi
}

has_postgres() {
    local folder
    if command -v initdb >/dev/null && command -v postgres >/dev/null; then return 0; fi
    for folder in /usr/lib/postgresql/*/bin; do
        if [[ -x $folder/initdb && -x $folder/postgres ]]; then return 0; fi
    done
    return 1
}

require_postgres() {
    if has_postgres; then return 0; fi
    if ! command -v apt-get >/dev/null; then
        fail "PostgreSQL's server binaries (initdb, postgres) are missing and there is no apt-get. Install PostgreSQL 14 or newer."
    fi
    if ! as_root true; then
        fail "PostgreSQL's server binaries are missing, and this user may not install packages. As root:" \
            "apt-get install --no-install-recommends postgresql"
    fi
    say "Installing PostgreSQL's server binaries (Debian package postgresql) ..."
    # A source that the machine has and that does not answer need not be the one that has PostgreSQL.
    as_root apt-get update >/dev/null || say "apt-get update reported errors; trying to install nevertheless."
    quietly "Installing postgresql" as_root bash -c "$(declare -f install_postgres_package); install_postgres_package"
    has_postgres || fail "postgresql is installed, but initdb and postgres are not in /usr/lib/postgresql/*/bin."
}

# The tests back up and restore. Debian's package postgresql brings these too; elsewhere they may be a package of their own.
require_postgres_clients() {
    local program missing=()
    for program in pg_dump pg_restore psql pg_isready createdb dropdb; do
        if ! command -v "$program" >/dev/null && ! compgen -G "/usr/lib/postgresql/*/bin/$program" >/dev/null; then missing+=("$program"); fi
    done
    if ((${#missing[@]} == 0)); then return 0; fi
    if ! command -v apt-get >/dev/null || ! as_root true; then
        fail "The tests need PostgreSQL's client programs (missing: ${missing[*]}). As root: apt-get install --no-install-recommends postgresql-client"
    fi
    say "Installing PostgreSQL's client programs (Debian package postgresql-client) ..."
    quietly "Installing postgresql-client" as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get -o DPkg::Lock::Timeout=120 install -y --no-install-recommends postgresql-client
}

# PoolWatch keeps a database of its own: Debian's package need not create and start one. The file that says so is
# one that postgresql-common includes, and it is there only while the package is installed.
install_postgres_package() {
    local settings=/etc/postgresql-common/createcluster.d status=0
    mkdir -p "$settings"
    echo "create_main_cluster = false" >"$settings/poolwatch.conf"
    DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=120 install -y --no-install-recommends postgresql || status=$?
    rm -f "$settings/poolwatch.conf"
    rmdir "$settings" 2>/dev/null || true
    return "$status"
}

# What makes a process's clock jump in the fault campaign. It is loaded into dotnet, so it must fit this machine's libraries: no other suite's will do.
require_faketime() {
    if compgen -G '/usr/lib/*/faketime/libfaketimeMT.so.1' >/dev/null || compgen -G '/usr/local/lib/faketime/libfaketimeMT.so.1' >/dev/null; then return 0; fi
    if ! command -v apt-get >/dev/null || ! as_root true; then
        fail "The tests need libfaketime, and this user may not install packages. As root: apt-get install --no-install-recommends libfaketime"
    fi
    say "Installing libfaketime for the tests ..."
    as_root apt-get update >/dev/null || say "apt-get update reported errors; trying to install nevertheless."
    quietly "Installing libfaketime" as_root apt-get -o DPkg::Lock::Timeout=120 install -y --no-install-recommends libfaketime
}

# What reads the dashboards in the tests.
require_nodejs() {
    if command -v node >/dev/null && command -v npm >/dev/null; then return 0; fi
    if ! command -v apt-get >/dev/null || ! as_root true; then
        fail "The tests need Node.js, and this user may not install packages. As root: apt-get install --no-install-recommends nodejs npm"
    fi
    say "Installing Node.js for the tests (Debian packages nodejs and npm) ..."
    as_root apt-get update >/dev/null || say "apt-get update reported errors; trying to install nevertheless."
    quietly "Installing nodejs and npm" as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get -o DPkg::Lock::Timeout=120 install -y --no-install-recommends nodejs npm
}
