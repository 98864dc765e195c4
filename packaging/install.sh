#!/bin/sh
# Installs weft from this folder, or removes what it installed.
#
#   ./install.sh [--prefix DIR] [--uninstall]
#
# DIR is /usr/local where none is named. DESTDIR goes before it, for who packs it again; nothing of this machine is looked at then.
# What was applied stays in /var/lib/weft, and on the host, until "weft destroy".
set -eu
PATH=$PATH:/usr/sbin:/sbin # not in everybody's

fail() { echo "install.sh: $*" >&2; exit 1; }
usage() { sed -n '2,/^set /s/^# *//p' "$0" | sed '$d' >&2; exit 2; }

prefix=/usr/local uninstall=''
while [ $# -gt 0 ]; do
    case $1 in
        --prefix) [ $# -ge 2 ] || usage; prefix=$2; shift 2 ;;
        --uninstall) uninstall=yes; shift ;;
        *) usage ;;
    esac
done
case $prefix in /*) ;; *) fail "--prefix $prefix: name an absolute path" ;; esac
here=$(dirname "$(readlink -f "$0")")
target=${DESTDIR:-}$prefix
list=$target/lib/weft/installed-files

# Only what is listed goes, and folders of weft's own that are empty then.
remove() {
    [ -e "$list" ] || fail "$list is not there: weft was not installed to $prefix by this script"
    [ -n "${DESTDIR:-}" ] || tell_projects
    while IFS= read -r file; do rm -f "$target/$file"; done <"$list"
    rm -f "$list"
    find "$target/lib/weft" "$target/share/doc/weft" -depth -type d -empty -delete
    echo "removed from $target"
}

tell_projects() {
    projects=$("$target/bin/weft" complete -- destroy '' | cut -f 1)
    [ -z "$projects" ] || echo "install.sh: these projects stay applied until a weft destroys them: $(echo "$projects" | tr '\n' ' ')" >&2
}

missing=''
needs() { # WHAT PACKAGE: missing unless the command that follows succeeds
    what=$1 package=$2
    shift 2
    "$@" >/dev/null 2>&1 || { echo "install.sh: $what is missing: apt-get install $package" >&2; missing=yes; }
}

check() {
    [ -z "${DESTDIR:-}" ] || return 0
    # The program itself tells whether processor and C library are the ones that it is for.
    said=$("$here/lib/weft/weft" --version 2>&1) || fail "the program does not run here: $said"
    needs libnftables libnftables1 sh -c 'ldconfig -p | grep -q "libnftables\.so\.1"'
    needs dnsmasq dnsmasq-base command -v dnsmasq
    [ -z "$missing" ] || fail "nothing was installed"
}

# Beside it and then in its place: a weft that runs is not written to.
put() { # FILE
    mkdir -p "$target/$(dirname "$1")"
    if [ -L "$here/$1" ]; then
        ln -s "$(readlink "$here/$1")" "$target/$1.new"
    elif [ -x "$here/$1" ]; then
        install -m 755 "$here/$1" "$target/$1.new"
    else
        install -m 644 "$here/$1" "$target/$1.new"
    fi
    mv -f "$target/$1.new" "$target/$1"
}

install_files() {
    mkdir -p "$target/lib/weft"
    (cd "$here" && find bin sbin lib share ! -type d 2>/dev/null | LC_ALL=C sort) >"$list.new"
    while IFS= read -r file; do put "$file"; done <"$list.new"
    mv "$list.new" "$list"
}

if [ -n "$uninstall" ]; then
    remove
else
    check
    install_files
    echo "installed to $target"
fi
