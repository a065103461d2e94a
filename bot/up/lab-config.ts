import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { generateKey } from '#guest/keys.ts';
import type { ChatReady } from './chat.ts';
import type { LabReady } from './lab.ts';

/**
 * Writes a configuration for the lab (and the emulated Slack and Discord, when they run), as one would for a Proxmox of one's own, with two people so that one can approve what the other asks. Answers
 * the file's path.
 */
export function writeLabConfig(stateDir: string, lab: LabReady, port: number | undefined, chat?: ChatReady): string {
  const key = sshFiles(stateDir, lab);
  const templates = lab.images.catalog.map(
    ({ name, url, sums }) => [nameOf(name), { url, sums, user: 'debian' }] as const,
  );
  const config = {
    clusters: [
      {
        name: 'lab',
        hosts: [lab.url],
        token: lab.token,
        tls: { fingerprints: [lab.fingerprint] },
        vmids: { from: 5000, to: 5999 },
        bridge: 'vmbr0',
        storages: { disks: 'nas', images: 'local', seeds: 'local' },
      },
    ],
    templates: Object.fromEntries(templates),
    create: { template: templates[0]?.[0], clone: 'linked' },
    ssh: {
      privateKey: `file:${key}`,
      jump: lab.jump,
      show: `ssh -F ${join(stateDir, 'ssh', 'config')} {user}@{address}`,
    },
    // Whoever comes to the emulated Slack and Discord may try everything.
    everybody: 'change',
    // Here one person plays many.
    limits: { commandsPerMinute: 10_000, waiting: 10_000 },
    people: ['Ana', 'Ben'].map((name) => {
      const key = name.toLowerCase();
      return { key, name, groups: ['platform'], ...(chat ? { accounts: chat.accounts[key] ?? [] } : {}) };
    }),
    ...(chat ? { slack: chat.slack, discord: chat.discord } : {}),
    redis: { unsafe: 'warn' },
    // Stays the same when the gateway is started again, so that nobody is signed out.
    web: { signIn: 'pick', secret: randomBytes(24).toString('base64url'), ...(port === undefined ? {} : { port }) },
  };
  const file = join(stateDir, 'lab-config.yaml');
  writeFileSync(
    file,
    `# Written by \`botswain up\` at each start; your own goes to config.yaml.\n${stringify(config)}`,
    { mode: 0o600 },
  );
  return file;
}

/** A key pair for the lab's VMs, and an ssh configuration that knows the way in. Answers the private key's path. */
function sshFiles(stateDir: string, { jump }: LabReady): string {
  const dir = join(stateDir, 'ssh');
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const key = join(dir, 'id_ed25519');
  if (!existsSync(key)) {
    const { privateKey, publicKey } = generateKey('botswain-lab');
    writeFileSync(key, privateKey, { mode: 0o600 });
    writeFileSync(`${key}.pub`, `${publicKey}\n`);
  }
  chmodSync(key, 0o600);
  // The lab's VMs come and go with the same addresses, so their host keys are not kept.
  const lines = [
    'Host botswain-lab',
    `  HostName ${jump.host}`,
    `  Port ${jump.port}`,
    `  User ${jump.user}`,
    '  StrictHostKeyChecking no',
    '  UserKnownHostsFile /dev/null',
    '  LogLevel ERROR',
    'Host 10.77.0.*',
    '  ProxyJump botswain-lab',
    `  IdentityFile ${key}`,
    '  IdentitiesOnly yes',
    '  IdentityAgent none',
    '  StrictHostKeyChecking no',
    '  UserKnownHostsFile /dev/null',
    '  LogLevel ERROR',
  ];
  const file = join(dir, 'config');
  const text = `${lines.join('\n')}\n`;
  if (!existsSync(file) || readFileSync(file, 'utf8') !== text) writeFileSync(file, text, { mode: 0o600 });
  return key;
}

/** `lab-debian-12.qcow2` is called `lab-debian-12` in the catalog. */
const nameOf = (file: string) => file.replace(/\.(qcow2|img|raw)$/, '');
