#!/bin/busybox sh
# The first program of the box: loads the disk's drivers and goes on with the slot that the boot loader chose.
/bin/busybox mkdir -p /proc /dev /sys /slot
/bin/busybox mount -t proc proc /proc
/bin/busybox mount -t devtmpfs dev /dev
/bin/busybox mount -t sysfs sys /sys
while read -r module; do /bin/busybox insmod "/modules/$module"; done </modules/order
slot=
for word in $(/bin/busybox cat /proc/cmdline); do
  case $word in root=*) slot=${word#root=} ;; esac
done
until [ -b "$slot" ]; do /bin/busybox sleep 0.1; done
/bin/busybox mount -t ext4 -o rw,noatime "$slot" /slot
for each in proc dev sys; do /bin/busybox mount -o move /$each /slot/$each; done
exec /bin/busybox switch_root /slot /sbin/init
