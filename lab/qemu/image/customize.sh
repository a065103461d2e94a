#!/bin/sh
# Turns a fresh Debian root into a cloud image; called by mmdebstrap with the root directory.
# Runs inside the build, never on a lab machine.
set -eu
export LC_ALL=C.UTF-8
root=$1
here=$(dirname "$0")
umask 022

cp -r --no-preserve=ownership "$here/root/." "$root"

# The guest agent is not installed, as on vendor images, but can be without a network: its packages lie in a local repository.
repository=/var/lib/lab-packages
mkdir -p "$root$repository"
rm -f "$root"/var/cache/apt/archives/*.deb
APT_CONFIG=$MMDEBSTRAP_APT_CONFIG apt-get --yes --download-only install qemu-guest-agent
mv "$root"/var/cache/apt/archives/*.deb "$root$repository"
cd "$root$repository"
for downloaded in *.deb; do
  package=${downloaded%%_*}.deb
  mv "$downloaded" "$package"
  chroot "$root" dpkg-deb --field "$repository/$package"
  printf 'Filename: ./%s\nSize: %s\nSHA256: %s\n\n' "$package" "$(stat -c %s "$package")" "$(sha256sum "$package" | cut -d ' ' -f 1)"
done > Packages

# No mirror, proxy or key of the machine that built it goes along.
rm -rf "$root"/etc/apt/sources.list "$root"/etc/apt/sources.list.d/* "$root"/etc/apt/apt.conf.d/99mmdebstrap \
  "$root"/etc/dpkg/dpkg.cfg.d/99mmdebstrap "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/*.bin "$root"/var/log/apt "$root"/var/log/dpkg.log
echo "deb [trusted=yes] file:$repository ./" > "$root/etc/apt/sources.list"

# Identity is made on each machine's first boot.
rm -f "$root"/etc/ssh/ssh_host_* "$root/etc/hostname" "$root/var/lib/dbus/machine-id"
echo uninitialized > "$root/etc/machine-id"
echo 127.0.0.1 localhost > "$root/etc/hosts"

chroot "$root" systemctl --quiet enable systemd-networkd systemd-resolved
chroot "$root" systemctl --quiet disable systemd-networkd-wait-online systemd-pstore e2scrub_reap
# What only costs time on an emulated processor.
chroot "$root" systemctl --quiet mask apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer fstrim.timer \
  man-db.timer getty@tty1.service cloud-init-hotplugd.socket systemd-timesyncd.service dev-hugepages.mount dev-mqueue.mount \
  sys-kernel-debug.mount sys-kernel-tracing.mount sys-kernel-config.mount sys-fs-fuse-connections.mount modprobe@.service \
  proc-sys-fs-binfmt_misc.automount systemd-binfmt.service systemd-network-generator.service systemd-update-utmp.service \
  systemd-update-utmp-runlevel.service
ln -sf ../run/systemd/resolve/stub-resolv.conf "$root/etc/resolv.conf"

chroot "$root" update-initramfs -u -k all

# GRUB's second stage with the whole boot menu inside; the kernel's own links name the newest kernel.
cat > "$root/boot/grub-core.cfg" <<'EOF'
set root=(hd0,msdos1)
linux /vmlinuz root=LABEL=root ro console=tty0 console=ttyS0,115200n8 quiet net.ifnames=0 mitigations=off
initrd /initrd.img
boot
EOF
chroot "$root" grub-mkimage --format i386-pc --output /boot/grub-core.img --prefix '(hd0,msdos1)/boot/grub' \
  --config /boot/grub-core.cfg biosdisk part_msdos ext2 linux boot
cp "$root/usr/lib/grub/i386-pc/boot.img" "$root/boot/grub-boot.img"
