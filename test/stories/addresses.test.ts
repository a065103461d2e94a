import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startBotWorker } from '#bot/worker.ts';
import { textOf } from '../console.ts';
import { callsOf, leftOf, machinesOf, type Setting, startSetting, untilTrue } from '../setting.ts';
import { templateNotes } from '../template-notes.ts';

const create = (name: string, address: string) =>
  `/vm create ${name} small --network static --ip ${address}/24 --gateway 10.77.0.1`;

/** A template whose machine-id was left on its disk: DHCP takes all its clones for one machine. */
const bakedTemplate = {
  ...{ vmid: 9000, name: 'lab-debian', node: 'pve1', storage: 'nas', machineId: '8a5edab282632443219e051e4ade2d1d' },
  config: {
    description: templateNotes(9000),
  },
};

const namesOf = ({ lab }: Setting) => machinesOf(lab).map(({ name }) => name);

test('two clones that got one lease are not both ready, and the second is told whose address it is', async () => {
  await using setting = await startSetting({ lab: { templates: [bakedTemplate] } });
  await setting.ana.type('/vm create one small');
  await setting.ana.until(/one is ready/);

  await setting.ana.type('/vm create two small');
  const card = await setting.ana.until(/two.* has the address/);

  assert.match(textOf(card), /two \(VM 5001\) has the address 10\.77\.0\.100, and so has one \(VM 5000\)\./);
  assert.match(textOf(card), /empty its \/etc\/machine-id/);
  await untilTrue(() => namesOf(setting).length === 1);
  assert.deepEqual(namesOf(setting), ['one']);
});

test('of two clones with one lease that are made at the same time at most one is ready', async () => {
  await using setting = await startSetting({ lab: { templates: [bakedTemplate] } });

  await setting.ana.type('/vm create one small');
  await setting.ana.type('/vm create two small');
  await setting.ana.until(/has the address 10\.77\.0\.100, and so has/);
  await setting.ana.until(/(one|two) is ready/);
  await untilTrue(() => namesOf(setting).length === 1);

  assert.equal([...setting.ana.transcript().matchAll(/(one|two) is ready\n/g)].length, 1);
});

test('a lease that went over from a VM that is off is nobody’s trouble', async () => {
  await using setting = await startSetting({ lab: { templates: [bakedTemplate] } });
  await setting.ana.type('/vm create one small');
  await setting.ana.until(/one is ready/);
  await setting.ana.type('/vm stop one --force');
  await setting.ana.until(/one \(VM 5000\) is stopped/);

  await setting.ana.type('/vm create two small');
  const card = await setting.ana.until(/two is ready/);

  assert.match(textOf(card), /Address: 10\.77\.0\.100/);
});

test('an address that another VM’s configuration has is refused before anything is made', async () => {
  await using setting = await startSetting();
  const { lab, ana } = setting;
  const db = { name: 'db', ipconfig0: 'ip=10.77.0.31/24,gw=10.77.0.1' };
  lab.state.guests.push({
    vmid: 105,
    node: 'pve2',
    config: db,
    pool: undefined,
    pending: {},
    ha: false,
    snapshots: [],
  });

  await ana.type(create('web', '10.77.0.31'));
  const card = await ana.until(/belongs to/);

  assert.match(textOf(card), /10\.77\.0\.31 belongs to db \(VM 105 on pve2\), by its configuration\./);
  assert.equal(callsOf(lab, /^POST .*clone$/), 0);
  assert.deepEqual((await leftOf(setting)).claims, []);
});

test('what is known of an address is read once more: one that was given away since is free', async () => {
  await using setting = await startSetting();
  const { lab, ana } = setting;
  const db: Record<string, string> = { name: 'db', ipconfig0: 'ip=10.77.0.31/24' };
  lab.state.guests.push({
    vmid: 105,
    node: 'pve2',
    config: db,
    pool: undefined,
    pending: {},
    ha: false,
    snapshots: [],
  });
  await ana.type(create('web', '10.77.0.31'));
  await ana.until(/belongs to db/);

  db.ipconfig0 = 'ip=10.77.0.40/24';
  await ana.type(create('web', '10.77.0.31'));

  await ana.until(/web is ready/);
});

test('an address at which somebody answers already is refused, also where only the jump host can tell', async () => {
  await using setting = await startSetting();
  const { lab, ana } = setting;
  await ana.type('/vm create other small');
  await ana.until(/other is ready/);

  await ana.type(create('web', '10.77.0.100'));
  const card = await ana.until(/answers at/);

  assert.match(textOf(card), /A machine answers at 10\.77\.0\.100 already\./);
  assert.equal(callsOf(lab, /^POST .*clone$/), 1);
});

test('where a firewall answers for everybody, addresses are not tried when the configuration says so, and the plan tells', async () => {
  await using setting = await startSetting({
    change: (written) => ({ ...written, create: { ...written.create, probe: false } }) as typeof written,
  });
  const { lab, ana } = setting;
  await ana.type('/vm create other small');
  await ana.until(/other is ready/);

  await ana.type(`${create('web', '10.77.0.100')} --dry-run`);
  const card = await ana.until(/Plan: create web/);

  assert.match(textOf(card), /Whether somebody has 10\.77\.0\.100 could not be tried: create\.probe is false/);
  assert.equal(callsOf(lab, /^POST .*clone$/), 1);
});

test('of two creates with one address at the same time one is refused, and says who has it', async () => {
  await using setting = await startSetting({ lab: { times: { bootMs: 1500 } } });
  await setting.ana.type(create('one', '10.77.0.31'));
  await untilTrue(() => callsOf(setting.lab, /^POST .*clone$/) === 1);

  await setting.ana.type(create('two', '10.77.0.31'));
  const card = await setting.ana.until(/is claimed by/);
  await setting.ana.until(/one is ready/);

  assert.match(textOf(card), /10\.77\.0\.31 is claimed by run r-\w+, which is making one \(VM 5000\)\./);
});

test('what could not be tried is said in the plan', async () => {
  const nobody = (written: object) => ({ ...written, ssh: { ...(written as { ssh: object }).ssh, jump: lost } });
  const lost = { host: '127.0.0.1', port: 1, user: 'lab' };
  await using setting = await startSetting({ change: (written) => nobody(written) as typeof written });

  await setting.ana.type(`${create('web', '10.77.0.31')} --dry-run`);
  const card = await setting.ana.until(/Plan: create web/);

  assert.match(
    textOf(card),
    /Whether somebody has 10\.77\.0\.31 could not be tried: SSH 127\.0\.0\.1: nothing listens/,
  );
});

test('the host key is compared with the one that the guest agent tells', async () => {
  await using setting = await startSetting();

  await setting.ana.type('/vm create k8s-dev small');
  const card = await setting.ana.until(/k8s-dev is ready/);

  assert.match(textOf(card), /Host key: SHA256:\S+ \(the guest agent tells the same\)/);
});

test('a machine that answers instead of the new VM is found out by its host key', async () => {
  const short = (written: object) => {
    const { create } = written as { create?: object };
    return { ...written, create: { ...create, ready: { agent: '5m', address: '2m', ssh: '2s' } } };
  };
  await using setting = await startSetting({ change: (written) => short(written) as typeof written });
  const { lab, ana } = setting;
  // The agent tells of another key than the one that answers.
  await ana.type('/vm create k8s-dev small --keep');
  await untilTrue(() => keyFileOf(setting) !== undefined);
  const files = keyFileOf(setting);
  assert.ok(files);
  files['/etc/ssh/ssh_host_ed25519_key.pub'] = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOther other';
  const card = await ana.until(/another machine answers|is ready/);

  assert.match(textOf(card), /another machine answers at 10\.77\.0\.100: its host key is SHA256:/);
  assert.equal(lab.machines.get(5000)?.power, 'running');
});

/** The files of the new VM's disk once its SSH server has a host key. */
function keyFileOf({ lab }: Setting): Record<string, string> | undefined {
  for (const [key, disk] of (lab.engine as unknown as { disks: Map<string, Disk> }).disks) {
    if (/vm-5000-disk/.test(key) && disk.system?.files['/etc/ssh/ssh_host_ed25519_key.pub']) return disk.system.files;
  }
  return undefined;
}

interface Disk {
  readonly system?: { readonly files: Record<string, string> };
}

test('a host key that could not be compared is said on the card', async () => {
  await using setting = await startSetting();
  const reason = 'Permission check failed (/vms/5000, VM.GuestAgent.FileRead)';
  setting.lab.faults.push({ method: 'GET', path: /file-read/, status: 403, reason, times: 9 });

  await setting.ana.type('/vm create k8s-dev small');
  const card = await setting.ana.until(/k8s-dev is ready/);

  assert.match(textOf(card), /Host key: SHA256:\S+ \(not compared with the guest agent's: the token may not read/);
});

test('one worker of several keeps the index, and a create then reads only who may have its address', async () => {
  await using setting = await startSetting({ workers: 0 });
  const { lab, ana, config } = setting;
  for (let vmid = 101; vmid <= 112; vmid++) {
    const foreign = { name: `db-${vmid}`, ipconfig0: `ip=10.77.0.${vmid - 90}/24` };
    lab.state.guests.push({
      ...{ vmid, node: 'pve2', config: foreign, pool: undefined },
      pending: {},
      ha: false,
      snapshots: [],
    });
  }
  const pace = { firstMs: 10, everyMs: 3_600_000 };
  await using _ = await startBotWorker(config, {}, pace);
  await using __ = await startBotWorker(config, {}, pace);
  const reads = () => callsOf(lab, /^GET .*\/config$/);
  await untilAsync(
    async () => (await setting.redis.hlen(`{${config.redis.prefix}}:address-index:lab:configured`)) === 12,
  );
  const indexed = reads();

  await ana.type(create('web', '10.77.0.12'));
  await ana.until(/10\.77\.0\.12 belongs to db-102 \(VM 102 on pve2\)/);

  assert.equal(indexed, 12);
  // Its own, and those of templates.
  assert.ok(reads() - indexed <= 4, `${reads() - indexed} were read`);
});

async function untilAsync(look: () => Promise<boolean>): Promise<void> {
  while (!(await look())) await new Promise((resolve) => setTimeout(resolve, 5));
}
