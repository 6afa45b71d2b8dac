# Makes the disk of the box from one slot: disk.sh SLOT_IMAGE GRUB_CFG OUTPUT DATA_MIB
# 1 core of the boot loader, 2 its configuration and environment, 3 slot A, 4 slot B (empty), 5 what outlives an upgrade.
set -eu
slot=$1 config=$2 output=$3 data_mib=$4
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
disk=$work/disk
modules=/usr/lib/grub/i386-pc
slot_mib=$(($(stat -c %s "$slot") / 1048576))

truncate -s $((1 + 1 + 8 + 2 * slot_mib + data_mib + 1))M "$disk"
sgdisk --clear \
  --new=1:1M:+1M --typecode=1:ef02 --change-name=1:loader \
  --new=2:0:+8M --change-name=2:boot \
  --new=3:0:+${slot_mib}M --change-name=3:A \
  --new=4:0:+${slot_mib}M --change-name=4:B \
  --new=5:0:+${data_mib}M --change-name=5:data "$disk" >/dev/null
put() { dd if="$1" of="$disk" bs=1M seek="$2" conv=notrunc,sparse status=none; }

mkdir "$work/boot" "$work/data"
cp "$config" "$work/boot/grub.cfg"
grub-editenv "$work/boot/grubenv" create
grub-editenv "$work/boot/grubenv" set ORDER='A B' A_OK=1 A_TRY=0 B_OK=0 B_TRY=0 RUNNING=A
mke2fs -q -t ext2 -L boot -m 0 -d "$work/boot" -E root_owner=0:0 "$work/boot.img" 8M
mkdir -p "$work/data/state" "$work/data/config"
chmod 700 "$work/data/state" "$work/data/config"
mke2fs -q -t ext4 -L data -m 0 -d "$work/data" -E root_owner=0:0 "$work/data.img" "${data_mib}M"
put "$work/boot.img" 2
put "$slot" 10
put "$work/data.img" $((10 + 2 * slot_mib))

# The boot sector, told where the core is, and the core, told where it goes on: what grub-bios-setup does on a mounted disk.
grub-mkimage -O i386-pc -d "$modules" -p '(hd0,gpt2)/' -o "$work/core.img" \
  biosdisk part_gpt ext2 normal linux loadenv test echo
cp "$modules/boot.img" "$work/boot.sector"
number() { printf "$(printf '\\%03o\\%03o\\%03o\\%03o' $(($1 & 255)) $(($1 >> 8 & 255)) $(($1 >> 16 & 255)) 0)"; }
number 2048 | dd of="$work/boot.sector" bs=1 seek=$((0x5c)) conv=notrunc status=none
number 2049 | dd of="$work/core.img" bs=1 seek=$((0x1f4)) conv=notrunc status=none
dd if="$work/boot.sector" of="$disk" bs=1 count=440 conv=notrunc status=none
put "$work/core.img" 1

qemu-img convert -O qcow2 "$disk" "$output"
