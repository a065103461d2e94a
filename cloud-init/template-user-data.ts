import { stringify } from 'yaml';
import { seedIso } from './seed.ts';

/**
 * What makes a template of a vendor's image that boots with it once: the guest agent is installed and heard from, then everything that was made for this one boot is
 * forgotten, so that each clone boots as for the first time, and the machine powers off.
 */
export function templateUserData(): string {
  const config = {
    package_update: true,
    packages: ['qemu-guest-agent'],
    // No user: nobody signs in here, and clones get theirs from Proxmox.
    users: [],
    write_files: [{ path: finishPath, permissions: '0755', content: finish }],
    runcmd: [
      'systemctl enable --now qemu-guest-agent || systemctl start qemu-guest-agent',
      // cloud-init writes its state once more after runcmd, so the clean-up has to outlive it: a unit of its own, that waits for cloud-init's end.
      `systemd-run --no-block --collect --unit=botswain-finish ${finishPath}`,
    ],
  };
  return `#cloud-config\n${stringify(config)}`;
}

/** The set-up medium for a template's first boot. The same run and template give the same bytes. */
export function templateSeed({ template, run }: { template: string; run: string }): Uint8Array {
  return seedIso({
    'user-data': templateUserData(),
    'meta-data': stringify({ 'instance-id': `botswain-${run}`, 'local-hostname': template.replaceAll('.', '-') }),
  });
}

const finishPath = '/run/botswain-finish';

/**
 * Runs after cloud-init has ended. Without an agent it powers off at once: whoever waits then sees that no agent was ever heard. With one, it gives those who listen time
 * to hear it: a listener asks every few seconds.
 */
const finish = `#!/bin/sh
cloud-init status --wait >/dev/null 2>&1
if systemctl is-active --quiet qemu-guest-agent; then
  echo 'botswain: the guest agent runs' >/dev/console
  sleep 15
else
  echo 'botswain: the guest agent could not be installed' >/dev/console
fi
cloud-init clean --logs --seed 2>/dev/null || cloud-init clean --logs
rm -f /etc/ssh/ssh_host_*
truncate -s 0 /etc/machine-id
rm -f /var/lib/dbus/machine-id
command -v apt-get >/dev/null && apt-get clean
sync
systemctl --no-block poweroff
`;
