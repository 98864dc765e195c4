# shellcheck shell=bash
# The distribution's kernel, unpacked from its package beside the machine's own: for lab/vm and lab/guest, which source this.
#   kernel       prepares it once, and sets KERNEL_DIR, which then has vmlinux, version, lib/modules/VERSION
#   accelerator  sets ACCEL: kvm where /dev/kvm boots this kernel, else tcg, which emulates the processor
#   initramfs    packs a folder and modules reproducibly

# What every kernel here is told. An emulated clock that is late is not broken; and what only costs time is off.
# shellcheck disable=SC2034 # for those who source this
KERNEL_PARAMETERS="console=ttyS0 quiet panic=-1 net.ifnames=0 tsc=reliable no_timer_check nowatchdog mitigations=off \
cryptomgr.notests audit=0 apparmor=0 random.trust_cpu=on"
CACHE=${WEFT_LAB_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/weft/lab}

fail() { printf '%s: %s\n' "${0##*/}" "$*" >&2; exit 125; }

# Programs of packages that may be missing: needs PROGRAM:PACKAGE...
needs() {
    local pair missing=()
    for pair in "$@"; do command -v "${pair%%:*}" >/dev/null || missing+=("${pair#*:}"); done
    [ ${#missing[@]} = 0 ] || fail "these packages are missing: apt-get install ${missing[*]}"
}

# Debian's metapackage, or Ubuntu's; the kernel itself is what it depends on.
kernel_packages() {
    local meta image
    for meta in linux-image-amd64 linux-image-generic; do
        image=$(apt-cache depends "$meta" 2>/dev/null | sed -n 's/^ *Depends: \(linux-image-[0-9].*\)/\1/p' | head -n 1)
        [ -n "$image" ] || continue
        echo "$image"
        # Ubuntu keeps modules in a package of their own.
        [ "$meta" = linux-image-amd64 ] || echo "linux-modules-${image#linux-image-}"
        return
    done
}

# The compressed kernel inside a bzImage: where it is, the boot protocol says (Documentation/arch/x86/boot.rst: setup_sects,
# payload_offset, payload_length). Its last four bytes are the size of what it unpacks to, which is no part of the stream.
unpack_vmlinux() { # BZIMAGE VMLINUX
    local sectors offset length magic unpack
    sectors=$(od -An -tu1 -j $((0x1f1)) -N 1 "$1")
    offset=$(od -An -tu4 -j $((0x248)) -N 4 "$1")
    length=$(od -An -tu4 -j $((0x24c)) -N 4 "$1")
    offset=$((offset + (sectors + 1) * 512))
    magic=$(od -An -tx1 -j "$offset" -N 4 "$1" | tr -d ' ')
    case $magic in
        fd377a58) unpack=(xz -dc) ;;
        28b52ffd) unpack=(zstd -dcq) ;;
        *) echo "the kernel in $1 is packed in a way that is not known here: $magic" >&2; return 1 ;;
    esac
    dd if="$1" bs=1M iflag=skip_bytes,count_bytes skip="$offset" count=$((length - 4)) status=none | "${unpack[@]}" >"$2"
}

fetch_kernel() { # FOLDER PACKAGE...
    local folder=$1 deb version
    shift
    mkdir "$folder/packages" "$folder/x"
    (cd "$folder/packages" && apt-get download -q -o APT::Sandbox::User=root "$@" >/dev/null) || return
    for deb in "$folder"/packages/*.deb; do dpkg-deb -x "$deb" "$folder/x" || return; done
    version=$(basename "$folder"/x/boot/vmlinuz-*)
    version=${version#vmlinuz-}
    unpack_vmlinux "$folder/x/boot/vmlinuz-$version" "$folder/vmlinux" || return
    # Debian 13 and Ubuntu have them below /usr.
    if [ -d "$folder/x/usr/lib/modules" ]; then mv "$folder/x/usr/lib" "$folder/lib"; else mv "$folder/x/lib" "$folder/lib"; fi || return
    rm -r "$folder/packages" "$folder/x"
    depmod -b "$folder" "$version" || return
    echo "$version" >"$folder/version"
}

kernel() {
    needs xz:xz-utils zstd:zstd depmod:kmod cpio:cpio busybox:busybox-static
    # Without lists, or with old ones that name what is no longer there, apt has to learn first what there is.
    known_kernel || { apt-get update -q >&2 && known_kernel; } || fail "apt has no kernel package to give"
}

known_kernel() {
    local packages part
    mapfile -t packages < <(kernel_packages)
    [ ${#packages[@]} -gt 0 ] || return 1
    KERNEL_DIR=$CACHE/${packages[0]}
    [ ! -e "$KERNEL_DIR/version" ] || return 0
    mkdir -p "$CACHE"
    part=$(mktemp -d "$CACHE/part.XXXXXX")
    if ! fetch_kernel "$part" "${packages[@]}"; then rm -rf "$part"; return 1; fi
    # Two at once: the one that comes second keeps the first one's.
    mv -T "$part" "$KERNEL_DIR" 2>/dev/null || rm -rf "$part"
}

# Files of modules and of those they need, in the order to load them; what is built in has none.
module_files() { # MODULE...
    local module
    for module in "$@"; do modprobe -d "$KERNEL_DIR" -S "$(<"$KERNEL_DIR/version")" --show-depends "$module" || return 125; done |
        awk '$1 == "insmod" && !seen[$2]++ { print $2 }'
}

unpack_module() { # FILE FOLDER: prints its name
    local name=${1##*/}
    name=${name%%.ko*}
    case $1 in
        *.xz) xz -dc "$1" ;;
        *.zst) zstd -dcq "$1" ;;
        *) cat "$1" ;;
    esac >"$2/$name.ko"
    echo "$name"
}

# The same bytes of the same input: names in order, no times, no inode numbers of this disk.
initramfs() { # FOLDER OUT MODULE...: the folder gets busybox, bin/, /modules and /modules/order
    local folder=$1 out=$2 applet file files
    shift 2
    files=$(module_files "$@")
    mkdir -p "$folder"/{bin,dev,proc,sys,run,tmp,etc,modules}
    for applet in $(busybox --list); do ln -sf busybox "$folder/bin/$applet"; done
    rm -f "$folder/bin/busybox" # it names itself
    install -m 755 "$(command -v busybox)" "$folder/bin/busybox"
    for file in $files; do unpack_module "$file" "$folder/modules"; done >"$folder/modules/order"
    find "$folder" -exec touch -h -d @0 {} +
    (cd "$folder" && find . | LC_ALL=C sort | cpio --quiet --reproducible -R 0:0 -o -H newc) >"$out.part"
    mv "$out.part" "$out"
}

# There are hosts whose /dev/kvm is there and boots nothing, so it is tried; the answer holds until the next boot of the machine.
accelerator() {
    local known
    known=$CACHE/accel-$(cat /proc/sys/kernel/random/boot_id)
    ACCEL=${WEFT_LAB_ACCEL:-}
    [ -z "$ACCEL" ] || return 0
    if [ ! -e "$known" ]; then
        if kvm_boots; then echo kvm; else echo tcg; fi >"$known.$$"
        mv "$known.$$" "$known"
    fi
    # shellcheck disable=SC2034 # for those who source this
    ACCEL=$(<"$known")
}

kvm_boots() {
    [ -w /dev/kvm ] || return 1
    local folder said
    folder=$(mktemp -d)
    mkdir "$folder/root"
    printf '#!/bin/busybox sh\nmount -t devtmpfs dev /dev\necho it boots >/dev/console\npoweroff -f\n' >"$folder/root/init"
    chmod 755 "$folder/root/init"
    initramfs "$folder/root" "$folder/image"
    # Ten seconds: with a KVM that works it takes one.
    said=$(timeout 10 qemu-system-x86_64 -machine q35 -accel kvm -cpu max -m 192 -nodefaults -no-user-config -display none -no-reboot \
        -serial stdio -kernel "$KERNEL_DIR/vmlinux" -initrd "$folder/image" -append "$KERNEL_PARAMETERS" </dev/null 2>/dev/null) || true
    rm -rf "$folder"
    [[ $said == *"it boots"* ]]
}
