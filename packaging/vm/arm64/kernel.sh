# Run by mmdebstrap in the unpacked kernel package, $1. Leaves the kernel and the modules of modules.txt ($MODULES), with all they
# depend on, in $1/kernel. Nothing of the other architecture is run.
set -eu
root=$1
version=$(basename "$root"/lib/modules/*)
depmod -b "$root" "$version"
out=$root/kernel/usr/lib/modules/$version
mkdir -p "$out" "$root/kernel/boot"
for module in $MODULES; do
  modprobe -d "$root" --set-version "$version" --show-depends "$module" | sed -n 's/^insmod \([^ ]*\).*/\1/p'
done | sort -u | while read -r file; do
  to=$out/${file#*lib/modules/$version/}
  mkdir -p "${to%/*}"
  cp "$file" "$to"
done
cp "$root/lib/modules/$version"/modules.builtin* "$root/lib/modules/$version/modules.order" "$out/"
cp "$root/boot/vmlinuz-$version" "$root/kernel/boot/vmlinuz"
