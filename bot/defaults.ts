import type { Settings } from '#jobs/settings.ts';

/** What a configuration need not say. */
export const defaultSettings = {
  sizes: {
    small: { cpus: 1, memoryMiB: 2048, diskGiB: 20 },
    medium: { cpus: 2, memoryMiB: 4096, diskGiB: 40 },
    large: { cpus: 4, memoryMiB: 8192, diskGiB: 80 },
  },
  templates: {
    'ubuntu-22.04': {
      url: 'https://cloud-images.ubuntu.com/jammy/current/jammy-server-cloudimg-amd64.img',
      sums: 'https://cloud-images.ubuntu.com/jammy/current/SHA256SUMS',
      user: 'ubuntu',
    },
    'ubuntu-24.04': {
      url: 'https://cloud-images.ubuntu.com/noble/current/noble-server-cloudimg-amd64.img',
      sums: 'https://cloud-images.ubuntu.com/noble/current/SHA256SUMS',
      user: 'ubuntu',
    },
    'debian-12': {
      url: 'https://cloud.debian.org/images/cloud/bookworm/latest/debian-12-genericcloud-amd64.qcow2',
      sums: 'https://cloud.debian.org/images/cloud/bookworm/latest/SHA512SUMS',
      user: 'debian',
    },
    'debian-13': {
      url: 'https://cloud.debian.org/images/cloud/trixie/latest/debian-13-genericcloud-amd64.qcow2',
      sums: 'https://cloud.debian.org/images/cloud/trixie/latest/SHA512SUMS',
      user: 'debian',
    },
  },
  create: {
    template: 'ubuntu-24.04',
    size: 'small',
    clone: 'full',
    network: 'dhcp',
    probe: true,
    dns: [],
    roles: { master: 'k8s-master', worker: 'k8s-worker' },
    ready: { agent: '5m', address: '2m', ssh: '3m' },
  },
  ssh: { authorizedKeys: [], show: 'ssh {user}@{address}' },
} satisfies Partial<Omit<Settings, 'ssh'>> & { ssh: Partial<Settings['ssh']> };
