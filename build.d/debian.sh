# Programs that only the tests need, from Debian's packages: unpacked into the cache, never installed. The suite is sid,
# where the Bitcoin node is; its programs need newer libraries than an older Debian or an Ubuntu has, so each is started
# by the loader and with the libraries that were unpacked beside it.
# shellcheck shell=bash
# shellcheck disable=SC2154

# unpack_package PROGRAM PACKAGE VARIABLE: a subshell, so that the half-made folder goes away however it ends.
unpack_package() (
    local program=$1 package=$2 variable=$3 work version deb
    if ! command -v apt-get >/dev/null || ! command -v dpkg-deb >/dev/null; then
        fail "$program is missing, and this is neither Debian nor Ubuntu: install it and name it in $variable."
    fi
    say "Fetching $program for the tests (Debian package $package, suite sid, unpacked below $cache) ..."
    mkdir -p "$cache"
    work=$(mktemp -d "$cache/unpacking.XXXXXX")
    trap 'rm -rf "$work"' EXIT
    private_apt_configuration "$work"
    quietly "apt-get update for sid (or name an installed $program in $variable)" apt-get -c "$work/apt.conf" update
    quietly "Downloading $package (or name an installed $program in $variable)" \
        apt-get -c "$work/apt.conf" install -y --no-install-recommends --download-only "$package"
    for deb in "$work"/archives/*.deb; do
        dpkg-deb -x "$deb" "$work/package/files"
    done
    version=$(dpkg-deb -f "$work/archives/${package}_"*.deb Version)
    write_wrappers "$work/package"
    "$work/package/bin/$program" --version >/dev/null || fail "$program of Debian's package $package $version does not start here."
    # Another run may have been faster; its folder is as good as this one.
    mv -T "$work/package" "$cache/$package-${version//[^A-Za-z0-9.+-]/_}" 2>/dev/null || true
)

# Lists, cache and package status of its own: the machine's apt neither sees sid nor is changed. What the machine's
# configuration says about proxies and transport stays in force.
private_apt_configuration() {
    local work=$1 keyring uri
    keyring=$(debian_keyring "$work")
    uri=$(debian_uri)
    mkdir -p "$work/lists/partial" "$work/archives/partial" "$work/package/files"
    : >"$work/status"
    echo "deb [signed-by=$keyring] $uri sid main" >"$work/sources.list"
    cat >"$work/apt.conf" <<TEXT
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear DPkg::Post-Invoke;
APT::Update::Error-Mode "any";
Dir::State "$work";
Dir::State::lists "$work/lists";
Dir::State::status "$work/status";
Dir::Cache "$work";
Dir::Cache::archives "$work/archives";
Dir::Etc::sourcelist "$work/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
APT::Sandbox::User "root";
Debug::NoLocking "true";
Acquire::Languages "none";
Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";
TEXT
}

# DEBIAN_MIRROR, else the mirror that this Debian machine already uses.
debian_uri() {
    local codename uri=${DEBIAN_MIRROR:-}
    # shellcheck source=/dev/null
    codename=$(. /etc/os-release && [[ $ID == debian ]] && echo "${VERSION_CODENAME:-sid}") || codename=
    if [[ -z $uri && -n $codename ]]; then
        # shellcheck disable=SC2016
        uri=$(apt-get indextargets --format '$(COMPONENT) $(RELEASE) $(REPO_URI)' 'Created-By: Packages' | awk -v codename="$codename" '
            $1 == "main" && ($2 == codename || $2 ~ /^(oldstable|stable|testing|unstable|sid)$/) { print $3; exit }')
    fi
    if [[ -z $uri ]]; then
        fail "No Debian mirror is known here: set DEBIAN_MIRROR to the URL of one, or name installed programs in BITCOIND, PROMTOOL, PROMETHEUS and ALERTMANAGER."
    fi
    printf '%s\n' "$uri"
}

debian_keyring() {
    local work=$1 keyring
    for keyring in {/usr,"$work/keyring/usr"}/share/keyrings/debian-archive-keyring.{gpg,pgp}; do
        if [[ $keyring == "$work"/* && ! -d $work/keyring ]]; then fetch_keyring "$work/keyring"; fi
        if [[ -e $keyring ]]; then
            printf '%s\n' "$keyring"
            return 0
        fi
    done
    fail "Debian's signing keys are missing: install the package debian-archive-keyring, or name installed programs in BITCOIND, PROMTOOL, PROMETHEUS and ALERTMANAGER."
}

# Ubuntu has the package too; unpacked only, so that the machine's apt does not start to trust these keys.
fetch_keyring() {
    mkdir -p "$1"
    (cd "$1" && apt-get download debian-archive-keyring && dpkg-deb -x debian-archive-keyring_*.deb .) >/dev/null 2>&1 || true
}

write_wrappers() {
    local folder=$1 loader libraries program within
    loader=$(find "$folder/files" -name 'ld-linux-*.so.*' -printf '%P\n' -quit)
    libraries=$(find "$folder/files" -name 'libc.so.6' -printf '%h\n' -quit)
    libraries=${libraries#"$folder/files/"}
    mkdir -p "$folder/bin"
    for program in "$folder"/files/usr/bin/{bitcoind,bitcoin-cli,promtool,prometheus,prometheus-alertmanager}; do
        [[ -x $program ]] || continue
        within=
        # It opens its templates at their installed path and nowhere else: let it alone see the unpacked folder there.
        if [[ $program == */prometheus-alertmanager ]]; then
            within="unshare --map-root-user --mount sh -c 'mount --bind \"\$0/usr/share\" /usr/share && exec \"\$@\"' \"\$root\" "
        fi
        cat >"$folder/bin/${program##*/}" <<TEXT
#!/bin/sh
root=\$(dirname "\$(readlink -f "\$0")")/../files
exec $within"\$root/$loader" --library-path "\$root/$libraries" "\$root/usr/bin/${program##*/}" "\$@"
TEXT
        chmod +x "$folder/bin/${program##*/}"
    done
}
