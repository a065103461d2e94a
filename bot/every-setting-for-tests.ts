/** A configuration in which every setting is written. */
export function everySettingOf(privateKey: string, publicKey: string): object {
  const jump = { host: 'bastion', port: 22, user: 'bot', privateKey, hostKey: `SHA256:${'A'.repeat(43)}` };
  const image = { url: 'https://images.example.net/a.qcow2', sums: 'https://images.example.net/SHA256SUMS' };
  return {
    clusters: [
      {
        ...{ name: 'home', hosts: ['https://pve1.example.net:8006'], nodes: ['pve1'], bridge: 'vmbr0', vlan: 7 },
        ...{ cpu: 'host', pool: 'dev', quarantine: '1h', nodeTimeout: '5s', memoryReserve: 0.1 },
        token: { id: 'botswain@pve!bot', secret: 'sesame-sesame' },
        tls: { fingerprints: [Array(32).fill('AB').join(':')] },
        vmids: { from: 5000, to: 5999 },
        storages: { disks: 'nas', images: 'local', seeds: 'local' },
        slots: { linkedClones: 2, fullClones: 1, downloads: 1 },
      },
    ],
    sizes: { small: { cpus: 1, memoryMiB: 2048, diskGiB: 20 } },
    templates: {
      'debian-12': { ...image, user: 'debian', about: 'x' },
      own: { vmid: 900, user: 'debian', about: 'y' },
    },
    create: {
      ...{ template: 'own', size: 'small', clone: 'full', network: 'dhcp', probe: true, dns: ['10.0.0.1'] },
      roles: { worker: 'k8s-worker' },
      ready: { agent: '5m', address: '2m', ssh: '3m' },
    },
    ssh: { privateKey, authorizedKeys: [publicKey], show: 'ssh {user}@{address}', jump },
    people: [
      { key: 'ana', name: 'Ana', groups: ['ops'], accounts: ['slack:T1:U1'], accessKey: 'lCv0uHq9Zt3mW1pR' },
      { key: 'ben', name: 'Ben', groups: ['ops'], accounts: ['slack:T1:U2'], accessKey: 'Yx7sKd2GbN5eJ8aQ' },
    ],
    groups: { admins: ['ana', 'slack:ops'] },
    everybody: 'read',
    rules: [
      {
        ...{ commands: ['vm destroy'], allow: ['ops'] },
        approval: { need: 1, by: ['ops'], selfOk: false, expires: '1h' },
      },
      { commands: ['vm *'], approval: 'none' },
    ],
    limits: { commandsPerMinute: 60, waiting: 50 },
    channels: [{ place: 'slack:C0OPS', cluster: 'home', pool: 'dev' }],
    keepFor: '2h',
    web: { host: '127.0.0.1', port: 8080, signIn: 'key', secret: 'fT4oPi6LwV0rUz9M' },
    worker: { concurrency: 50, lease: '15s' },
    slack: {
      ...{ mode: 'socket', botToken: 'xoxb-1234567-abcdefgh', appToken: 'xapp-1234567-abcdefgh' },
      ...{ signingSecret: 'Qm8rT2vYx6bZ1cDe', host: '127.0.0.1', port: 3000, url: 'https://bot.example.net' },
      ...{ prefix: 'p-', workspaces: ['T012AB3CD'], apiUrl: 'https://slack.com/api/' },
    },
    discord: {
      ...{ token: 'Wq3eR5tY7uI9oP1aS2dF', guild: '800000000000000001', apiUrl: 'https://discord.com/api' },
    },
    redis: { url: 'redis://127.0.0.1:6379/0', prefix: 'botswain', unsafe: 'refuse' },
    log: { level: 'info' },
  };
}
