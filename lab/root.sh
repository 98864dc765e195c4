# shellcheck shell=bash
# A small Debian of the machine's own release beside the machine's own files, for lab/vm run --root; made by mmdebstrap(1). To be sourced after kernel.sh.
#   small_root PACKAGE...    makes it once for these packages, and sets SMALL_ROOT

# What a host has that boots by systemd, and what tests look at it with.
SMALL_ROOT_PACKAGES=(systemd-sysv udev kmod iproute2 iputils-ping)

small_root() { # PACKAGE...
    needs mmdebstrap:mmdebstrap
    local release list part
    release=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
    list=$(IFS=,; echo "${SMALL_ROOT_PACKAGES[*]},$*")
    SMALL_ROOT=$CACHE/root-$release-$(echo "$list" | sha256sum | cut -c 1-16)
    [ ! -d "$SMALL_ROOT" ] || return 0
    mkdir -p "$CACHE"
    part=$(mktemp -d "$CACHE/part.XXXXXX")
    # With the machine's own sources, as apt has them.
    mmdebstrap --quiet --variant=minbase --include="$list" --dpkgopt='path-exclude=/usr/share/locale/*' "$release" "$part" >&2 || { rm -rf "$part"; fail "no root file system of $release could be made"; }
    chmod 755 "$part"
    mv -T "$part" "$SMALL_ROOT" 2>/dev/null || rm -rf "$part"
}
