# Run by mmdebstrap in the unpacked packages of kernel-packages.txt, $1. Leaves the kernel and its modules in $1/kernel.
# $MODULES: the contents of modules.txt.
set -eu
root=$1

# Unpacked packages are not configured: the two links that their scripts would make.
ln -sf mawk "$root/usr/bin/awk"
ln -sf dash "$root/bin/sh"

version=$(basename "$root"/lib/modules/*)
headers=/usr/src/linux-headers-$version

# vidtv, a tuner with a transmitter inside, is in the kernel's source but not in Debian's build of it.
source=usr/src/vidtv
mkdir "$root/$source"
tar -xJf "$root"/usr/src/linux-source-*.tar.xz -C "$root/$source" --strip-components=5 \
  --wildcards '*/drivers/media/test-drivers/vidtv/*'
chroot "$root" make -s -j"$(nproc)" -C "$headers" "M=/$source" CONFIG_DVB_VIDTV=m modules
mkdir "$root/lib/modules/$version/extra"
for module in "$root/$source"/*.ko; do
  chroot "$root" strip --strip-debug "/$source/${module##*/}"
  cp "$module" "$root/lib/modules/$version/extra/"
done

# Only the modules the box needs, with all they depend on; an index of them, and the kernel.
chroot "$root" depmod "$version"
out=$root/kernel/usr/lib/modules/$version
mkdir -p "$out" "$root/kernel/boot"
for module in $MODULES; do
  chroot "$root" modprobe --set-version "$version" --show-depends "$module" | sed -n 's/^insmod \([^ ]*\).*/\1/p'
done | sort -u | while read -r file; do
  # Where /lib is a link the paths start with /usr already.
  to=$root/kernel/usr/lib/modules/${file#*lib/modules/}
  mkdir -p "${to%/*}"
  cp "$root$file" "$to"
done
cp "$root/lib/modules/$version"/modules.builtin* "$root/lib/modules/$version/modules.order" "$out/"
cp "$root/boot/vmlinuz-$version" "$root/kernel/boot/vmlinuz"
