import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UserError } from '#base/errors.ts';
import { generateKey } from '#guest/keys.ts';
import { parseConfig } from './config.ts';

const key = generateKey('bot');
const least = `
clusters:
  - name: home
    hosts: ['https://pve1.example.net:8006']
    token: { id: 'botswain@pve!bot', secret: 'env:PVE_TOKEN_SECRET' }
    tls: system
    storages: { disks: local-lvm, images: local, seeds: local }
ssh: { privateKey: ${JSON.stringify(key.privateKey)} }
`;
const environment = { PVE_TOKEN_SECRET: 'sesame' };

test('a short file is filled up with defaults', () => {
  const config = parseConfig(least, 'config.yaml', environment);

  assert.equal(config.clusters[0]?.token.secret, 'sesame');
  assert.deepEqual(config.sizes.medium, { cpus: 2, memoryMiB: 4096, diskGiB: 40 });
  assert.equal(config.create.ready.agent, '5m');
  assert.equal(config.web.signIn, 'key');
});

test('part of a group may be given', () => {
  const config = parseConfig(`${least}create: { size: large, ready: { ssh: 9m } }`, 'config.yaml', environment);

  assert.deepEqual(config.create.ready, { agent: '5m', address: '2m', ssh: '9m' });
  assert.equal(config.create.size, 'large');
});

test('REDIS_URL overrides the file', () => {
  const config = parseConfig(least, 'config.yaml', { ...environment, REDIS_URL: 'redis://elsewhere:1' });

  assert.equal(config.redis.url, 'redis://elsewhere:1');
});

test('all complaints come at once, each with its place', () => {
  const text = `${least}sizes: { tiny: { cpus: 0, memoryMiB: 512, diskGiB: 8 } }\ncreate: { size: huge, ready: { ssh: soon } }\nwebb: {}`;

  assert.throws(
    () => parseConfig(text, 'config.yaml', {}),
    (error) => {
      assert.ok(error instanceof UserError);
      assert.match(error.message, /clusters\.0\.token\.secret: the environment variable PVE_TOKEN_SECRET is not set/);
      assert.match(error.message, /sizes\.tiny\.cpus/);
      assert.match(error.message, /create\.ready\.ssh: "soon" is not a length of time/);
      assert.match(error.message, /webb/);
      return true;
    },
  );
});

for (const [lease, complaint] of [
  ['50ms', /worker\.lease: must be at least 1s/],
  ['soon', /worker\.lease: "soon" is not a length of time/],
] as const) {
  test(`a worker's lease of ${lease} is refused`, () => {
    assert.throws(() => parseConfig(`${least}worker: { lease: ${lease} }`, 'config.yaml', environment), complaint);
  });
}

test('a size that create names must exist', () => {
  assert.throws(
    () => parseConfig(`${least}create: { size: huge }`, 'config.yaml', environment),
    /create\.size: "huge" is not one of sizes: small, medium, large/,
  );
});

test('what is no YAML is named', () => {
  assert.throws(() => parseConfig('a: [', 'config.yaml', {}), /config\.yaml is not YAML/);
});

test('a key that the bot or Proxmox cannot use is a complaint with its place and line', () => {
  const keys = [key.publicKey, '~/.ssh/ana.pub', `# Ana\n${key.publicKey}\nrubbish`];
  const jump = { host: 'bastion', port: 22, user: 'bot', hostKey: 'ssh-ed25519 AAAA' };
  const ssh = { privateKey: '/etc/botswain/id_ed25519', authorizedKeys: keys, jump };

  assert.throws(
    () => parseConfig(least.replace(/ssh: .*/, `ssh: ${JSON.stringify(ssh)}`), 'config.yaml', environment),
    (error) => {
      assert.ok(error instanceof UserError);
      assert.match(error.message, /ssh\.privateKey: .* it is a path\. Put file: before it/);
      assert.match(error.message, /ssh\.authorizedKeys\.1: is a path/);
      assert.match(error.message, /ssh\.authorizedKeys\.2: line 3 \(rubbish\) is no public key/);
      assert.match(error.message, /ssh\.jump\.hostKey: must be SHA256:/);
      return true;
    },
  );
});

test('a file of keys becomes one key an entry, each once', () => {
  const authorizedKeys = [`# Ana\n${key.publicKey}: laptop\n`, `${key.publicKey} laptop`];
  const ssh = { privateKey: key.privateKey, authorizedKeys };

  const config = parseConfig(least.replace(/ssh: .*/, `ssh: ${JSON.stringify(ssh)}`), 'config.yaml', environment);

  assert.deepEqual(config.ssh.authorizedKeys, [`${key.publicKey} laptop`]);
});

test('placeholders are no secrets: the example’s and the documents’ are refused, and none is shown', () => {
  const people = 'people: [{ key: ana, name: Ana, accessKey: change-me-change-me }]\n';
  const text = `${least}${people}web: { secret: env:WEB_SECRET }\nslack: { botToken: xoxb-your-token-here, appToken: xapp-... }\n`;
  const found = { PVE_TOKEN_SECRET: '00000000-0000-0000-0000-000000000000', WEB_SECRET: 'change-me-change-me' };

  assert.throws(
    () => parseConfig(text, 'config.yaml', found),
    (error) => {
      assert.ok(error instanceof UserError);
      for (const place of ['clusters.0.token.secret', 'people.0.accessKey', 'web.secret', 'slack.botToken']) {
        assert.match(error.message, new RegExp(`- ${place}: is a placeholder, and no secret`));
      }
      assert.doesNotMatch(error.message, /change-me/);
      return true;
    },
  );
});

test('`signIn: pick` is refused beside a cluster that is not on this machine', () => {
  assert.throws(
    () => parseConfig(`${least}web: { signIn: pick }`, 'config.yaml', environment),
    /web\.signIn: lets anybody act as anybody, .*https:\/\/pve1\.example\.net:8006/,
  );
});

test('rules that can’t be meant are complaints, each with its place and what was probably meant', () => {
  const text = `${least}
people: [{ key: ana, name: Ana, groups: [platform] }]
rules:
  - { commands: ["vm destory", "/vm destroy", "risk:destory"], approval: { expires: soon } }
  - { commands: ["vm destroy"], allow: [platfrom] }
`;

  assert.throws(
    () => parseConfig(text, 'config.yaml', environment),
    (error) => {
      assert.ok(error instanceof UserError);
      for (const at of [0, 1, 2])
        assert.match(error.message, new RegExp(`rules\\.0\\.commands\\.${at}: .* fits no command`));
      assert.match(error.message, /rules\.0\.approval\.expires: "soon" is not a length of time/);
      assert.match(error.message, /rules\.1\.allow\.0: nobody can be in "platfrom"\. Did you mean platform\?/);
      return true;
    },
  );
});

test('what no single setting shows is a complaint: names given twice, unknown clusters, odd prefixes', () => {
  const cluster = least.slice(least.indexOf('  - name'), least.indexOf('ssh:'));
  const more = {
    people: [
      { key: 'ana', name: 'Ana', accounts: ['slack:T1:U1'] },
      { key: 'ana', name: 'Ben', accounts: ['slack:T1:U1'] },
    ],
    channels: [{ place: 'slack:C0OPS', cluster: 'hoem' }],
    create: { roles: { worker: 'K8S_worker' } },
  };
  const lines = Object.entries(more).map(([name, value]) => `${name}: ${JSON.stringify(value)}\n`);
  const text = least.replace(cluster, cluster + cluster) + lines.join('');

  for (const complaint of [
    /clusters\.1\.name: is the same name as clusters\.0\.name/,
    /people\.1\.key: is the same key as people\.0\.key/,
    /people\.1\.accounts\.0: is the same account as people\.0\.accounts\.0/,
    /channels\.0\.cluster: "hoem" is not one of clusters: home/,
    /create\.roles\.worker: "K8S_worker" can't begin a host name/,
  ]) {
    assert.throws(() => parseConfig(text, 'config.yaml', environment), complaint);
  }
});

test('what no single setting shows is said beside what is wrong with other settings', () => {
  const cluster = least.slice(least.indexOf('  - name'), least.indexOf('ssh:'));
  const more = {
    people: [
      { key: 'ana', name: 'Ana', groups: ['ops'], accounts: ['slack:T1:U1'], acessKey: 'x' },
      { key: 'ana', name: 5, accounts: ['slack:T1:U1'] },
    ],
    channels: [{ place: 'C0OPS', cluster: 'hoem' }, 7],
    rules: [
      { commands: ['vm destory'], need: 1 },
      { commands: ['vm *'], allow: ['ops', 'opps'] },
    ],
    create: { size: 'huge', clone: 'half', roles: { worker: 'K8S_worker' } },
    web: { signIn: 'pick', port: 'eighty' },
  };
  const lines = Object.entries(more).map(([name, value]) => `${name}: ${JSON.stringify(value)}\n`);
  const text = `${least.replace(cluster, cluster + cluster.replace('tls: system', 'tls: none'))}${lines.join('')}\nwebb: {}\n`;

  const complaints = complaintsOf(text);

  for (const complaint of [
    /people\.0: "acessKey" is no setting here/,
    /people\.1\.name: must be a text, and is 5/,
    /channels\.1: must be a section, and is 7/,
    /clusters\.1\.tls: must be `system`/,
    /clusters\.1\.name: is the same name as clusters\.0\.name/,
    /people\.1\.key: is the same key as people\.0\.key/,
    /people\.1\.accounts\.0: is the same account as people\.0\.accounts\.0/,
    /channels\.0\.cluster: "hoem" is not one of clusters: home/,
    /rules\.0\.commands\.0: "vm destory" fits no command/,
    /rules\.1\.allow\.1: nobody can be in "opps"/,
    /create\.size: "huge" is not one of sizes: small, medium, large/,
    /create\.roles\.worker: "K8S_worker" can't begin a host name/,
    /web\.signIn: lets anybody act as anybody/,
  ]) {
    assert.match(complaints, complaint);
  }
});

test('what is wrong by itself is said once, and nothing that follows from it', () => {
  const complaints = complaintsOf(
    `${least}people: { key: ana }\nrules: [{ commands: [5], allow: [ops] }]\ncreate: { roles: { worker: 5 }, size: 5 }\n`,
  );

  assert.deepEqual(complaints.match(/^ {2}- [\w.]+/gm), [
    '  - create.size',
    '  - create.roles.worker',
    '  - rules.0.commands.0',
    '  - people',
  ]);
});

test('merge keys work, and a name as a shell has it gets a hint', () => {
  const merged = `${least}sizes:\n  a: &a { cpus: 1, memoryMiB: 512, diskGiB: 8 }\n  small: { <<: *a, cpus: 2 }\n`;

  assert.deepEqual(parseConfig(merged, 'config.yaml', environment).sizes.small, {
    cpus: 2,
    memoryMiB: 512,
    diskGiB: 8,
  });
  assert.throws(
    () => parseConfig(`${least}web: { secret: "\${WEB_SECRET}" }`, 'config.yaml', environment),
    /web\.secret: \$\{WEB_SECRET\} is not replaced; write env:WEB_SECRET/,
  );
});

function complaintsOf(text: string): string {
  try {
    parseConfig(text, 'config.yaml', environment);
    return '';
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}
