# Run by mmdebstrap in the root of the arm64 box, $1, when its packages, the overlay and what kernel.sh made are in it. Leaves its disk, one
# file system without a boot loader, in $1/disk.ext4, and the kernel and the initial file system in $1/boot. $INIT: initrd-init.sh.
set -eu
root=$1
cp -a "$root/kernel/." "$root/"
rm -r "$root/kernel"
version=$(basename "$root"/usr/lib/modules/*)
depmod -b "$root" "$version"
mkdir -p "$root/etc/dropbear"
for link in multi-user.target.wants/systemd-networkd.service multi-user.target.wants/dropbear.service; do
  mkdir -p "$root/etc/systemd/system/${link%/*}"
  unit=${link##*/}
  for place in /etc/systemd/system /lib/systemd/system; do
    [ ! -e "$root$place/$unit" ] || ln -sf "$place/$unit" "$root/etc/systemd/system/$link"
  done
done
for unit in getty@tty1 serial-getty@ttyAMA0 systemd-networkd-wait-online systemd-timesyncd systemd-firstboot; do
  ln -sf /dev/null "$root/etc/systemd/system/$unit.service"
done
echo 5374624167656e7453746241676e7436 >"$root/etc/machine-id"
printf 'IMAGE_ID=stb-vm-arm64\nIMAGE_VERSION=1.0.0\n' >>"$root/usr/lib/os-release"

initrd=$root/initrd
mkdir -p "$initrd/bin" "$initrd/modules"
cp "$root/bin/busybox" "$initrd/bin/"
printf '%s' "$INIT" >"$initrd/init"
chmod 755 "$initrd/init"
for module in virtio_pci virtio_blk ext4; do
  modprobe -d "$root" --set-version "$version" --show-depends "$module" | sed -n 's/^insmod \([^ ]*\).*/\1/p'
done | awk '!seen[$0]++' | while read -r file; do
  cp "$file" "$initrd/modules/"
  echo "${file##*/}"
done >"$initrd/modules/order"
chroot "$root" sh -c 'cd /initrd && find . | busybox cpio -o -H newc' >"$root/boot/initrd.img" 2>/dev/null
rm -r "$initrd"
rm -rf "$root"/usr/share/doc "$root"/usr/share/man "$root"/usr/share/locale "$root"/var/cache/* "$root"/var/lib/apt "$root"/var/log/*

# A second view of the root, without what is mounted in it.
plain=$root.plain
mkdir "$plain"
mount --bind "$root" "$plain"
trap 'umount "$plain"; rmdir "$plain"' EXIT
rm -rf "$plain"/run/* "$plain"/tmp/* "$plain/etc/resolv.conf"
mke2fs -q -t ext4 -L box -m 0 -d "$plain" "$root.ext4" 1G
mv "$root.ext4" "$root/disk.ext4"
