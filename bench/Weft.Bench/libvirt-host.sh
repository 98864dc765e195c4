#!/bin/bash
# Runs a command beside a libvirtd of its own: in a network namespace, with private /run, /var and /etc/libvirt.
#   libvirt-host.sh NETNS COMMAND...
# The daemon and everything it started end with the command.
set -euo pipefail
ns=$1; shift
# shellcheck disable=SC2016 # expanded by the inner bash
exec ip netns exec "$ns" unshare --mount --pid --fork --kill-child --mount-proc bash -euo pipefail -c '
mount -t tmpfs run /run
mount -t tmpfs lib /var/lib/libvirt
mount -t tmpfs log /var/log/libvirt 2>/dev/null || true
mount -t tmpfs cache /var/cache/libvirt 2>/dev/null || true
mount -t tmpfs etc /etc/libvirt
mkdir -p /run/libvirt /var/lib/libvirt/dnsmasq /etc/libvirt/qemu/networks
ip link set lo up
libvirtd >/run/libvirtd.log 2>&1 &
for _ in $(seq 200); do
    [ -S /run/libvirt/libvirt-sock ] && virsh -q -c qemu:///system version >/dev/null 2>&1 && break
    sleep 0.05
done
"$@"
' libvirt-host "$@"
