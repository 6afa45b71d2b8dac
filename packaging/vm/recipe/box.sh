# Run by mmdebstrap in the root of the box, $1, when its packages, `files/` and what kernel.sh made are in it. Leaves the file
# system of one firmware slot in $1/slot.ext4. $LEFT_OUT: the patterns of left-out.txt; $SLOT_MIB: the size of a slot; $INIT: initrd-init.sh.
set -eu
root=$1
cp -a "$root/kernel/." "$root/"
rm -r "$root/kernel"
version=$(basename "$root"/usr/lib/modules/*)

chroot "$root" depmod "$version"
chroot "$root" systemctl --quiet enable systemd-networkd.service dropbear.service
chroot "$root" systemctl --quiet mask getty@tty1.service systemd-pstore.service systemd-networkd-wait-online.service \
  systemd-timesyncd.service rauc-mark-good.service \
  systemd-firstboot.service serial-getty@ttyS0.service proc-sys-fs-binfmt_misc.automount alsa-restore.service
# A box has an id before its first start: nothing about a first start is tested here.
echo 5374624167656e7453746241676e7431 >"$root/etc/machine-id"
ln -sf ../proc/self/mounts "$root/etc/mtab"
mkdir -p "$root/grub" "$root/data" "$root/var/lib/stb-agent" "$root/etc/stb-agent" "$root/etc/dropbear" \
  "$root/usr/lib/stb-agent/bin"
printf 'IMAGE_ID=stb-vm\nIMAGE_VERSION=1.0.0\n' >>"$root/usr/lib/os-release"

# The initial file system: busybox and the drivers of the disk, in the order in which they are loaded.
initrd=$root/initrd
mkdir -p "$initrd/bin" "$initrd/modules"
cp "$root/usr/bin/busybox" "$initrd/bin/"
printf '%s' "$INIT" >"$initrd/init"
chmod 755 "$initrd/init"
for module in virtio_pci virtio_blk ext4; do
  chroot "$root" modprobe --set-version "$version" --show-depends "$module" | sed -n 's/^insmod \([^ ]*\).*/\1/p'
done | awk '!seen[$0]++' | while read -r file; do
  cp "$root$file" "$initrd/modules/"
  echo "${file##*/}"
done >"$initrd/modules/order"
chroot "$root" sh -c 'cd /initrd && find . | busybox cpio -o -H newc' >"$root/boot/initrd.img" 2>/dev/null
rm -r "$initrd"

for pattern in $LEFT_OUT; do rm -rf "$root"/$pattern; done

# A second view of the root, without what is mounted in it.
plain=$root.plain
mkdir "$plain"
mount --bind "$root" "$plain"
trap 'umount "$plain"; rmdir "$plain"' EXIT
rm -rf "$plain"/run/* "$plain"/tmp/* "$plain/etc/resolv.conf"
mke2fs -q -t ext4 -L slot -m 0 -d "$plain" "$root.ext4" "${SLOT_MIB}M"
mv "$root.ext4" "$root/slot.ext4"
