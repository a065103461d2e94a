import { stringify } from 'yaml';
import { seedIso } from './seed.ts';
import { userData } from './user-data.ts';

/**
 * What makes a template of a vendor's image that boots with it once: the guest agent is installed and heard from, everything that was made for this one boot
 * is forgotten, so that each clone boots as for the first time, and the machine powers off. Works where cloud-init meets systemd and apt, dnf or zypper.
 */
export function templateUserData(): string {
  return userData({
    // No user: nobody signs in here, and clones get theirs from Proxmox.
    users: [],
    // The clones make all of theirs; here RSA would only take time.
    hostKeyTypes: ['ed25519'],
    files: [{ path: finishPath, permissions: '0700', content: finish }],
    updatePackages: true,
    packages: ['qemu-guest-agent'],
    commands: [
      // Where a udev rule starts it at boot it counts as enabled.
      'systemctl is-enabled --quiet qemu-guest-agent || systemctl enable qemu-guest-agent',
      'systemctl start qemu-guest-agent',
      // cloud-init writes down how it went after its last command, and what it writes must be cleaned away too. So the finish is a unit of its own, that waits
      // for cloud-init's end; systemd kills it with nothing else. `sh` is named because /run is often mounted noexec.
      `systemd-run --no-block --collect --unit=botswain-finish /bin/sh ${finishPath}`,
    ],
  });
}

/** The set-up medium for a template's first boot. The same run and template give the same bytes. */
export function templateSeed({ template, run }: { template: string; run: string }): Uint8Array {
  return seedIso({
    'user-data': templateUserData(),
    'meta-data': stringify({
      'instance-id': `botswain-${run}`,
      'local-hostname': template.toLowerCase().replaceAll(/[^a-z0-9-]/g, '-'),
    }),
  });
}

const finishPath = '/run/botswain-finish';

/**
 * The agent's answer while the machine still runs is the proof for those outside that the installation worked. QEMU's agent writes each `guest-ping` into the
 * journal, so the machine knows when it was heard and need not linger; without an agent it powers off at once, and nobody ever hears it.
 *
 * What is cleaned away: what cloud-init knows of this instance, host keys, the machine id (two machines with one get one address from DHCP), the network
 * configuration and leases of this machine's network card, package lists and logs.
 */
const finish = `#!/bin/sh
say() {
  echo "botswain: $*" > /dev/console
}
was_heard() {
  journalctl --boot --unit=qemu-guest-agent --output=cat 2> /dev/null | grep -q 'guest-ping called'
}

cloud-init status --wait > /dev/null 2>&1
if systemctl is-active --quiet qemu-guest-agent; then
  say 'the guest agent runs'
  waited=0
  until was_heard || [ "$waited" -ge 90 ]; do
    sleep 1
    waited=$((waited + 1))
  done
else
  say 'the guest agent could not be installed'
fi

cloud-init clean --logs
rm -f /etc/ssh/ssh_host_*
: > /etc/machine-id
[ -L /var/lib/dbus/machine-id ] || rm -f /var/lib/dbus/machine-id
rm -f /etc/netplan/50-cloud-init.yaml /etc/network/interfaces.d/50-cloud-init /etc/systemd/network/10-cloud-init-*
rm -f /etc/NetworkManager/system-connections/cloud-init-* /var/lib/NetworkManager/*lease* /var/lib/dhcp/*.leases
if command -v apt-get > /dev/null; then
  apt-get clean
  rm -rf /var/lib/apt/lists/*
elif command -v dnf > /dev/null; then
  dnf clean all > /dev/null
fi
journalctl --rotate --vacuum-time=1s > /dev/null 2>&1
say 'clean, powering off'
sync
systemctl --no-block poweroff
`;
