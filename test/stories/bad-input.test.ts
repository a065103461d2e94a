import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leftOf, machinesOf, nothing, startSetting, untilTrue } from '../setting.ts';

const refusals: readonly (readonly [string, RegExp])[] = [
  ['/vm create k8s-dev mediun', /There is no size "mediun"\. Did you mean medium\? Known: small, medium, large\./],
  ['/vm create k8s_dev', /"k8s_dev" can't be a host name: letters, digits and dashes, at most 63/],
  ['/vm create --cpus 2', /A VM needs a name or a role\.\n\/vm create k8s-dev medium/],
  ['/vm create --role wrker', /There is no role "wrker"\. Did you mean worker\? Known: master, worker\./],
  // Words that every object of JavaScript knows are no names of ours.
  ['/vm create k8s-dev constructor', /There is no size "constructor"\. Known: small, medium, large\./],
  ['/vm create --role constructor', /There is no role "constructor"\. Known: master, worker\./],
  ['/vm create k8s-dev --constructor 4', /\/vm create has no option --constructor\. Known: --/],
  // The word is a size only once the role is known.
  ['/vm create meduim --role mastr', /There is no role "mastr"\. Did you mean master\?/],
  ['/vm create k8s-dev small --role worker', /Give a name \(k8s-dev\) or a role \(worker\), not both/],
  ['/vm create k8s-dev --template debian-12', /There is no template "debian-12" in the catalog\..*Known: lab-debian\./],
  ['/vm create k8s-dev --node pve9', /A new VM can't be made on "pve9"\. .*Known: pve1, pve2\./],
  ['/vm create k8s-dev --vmid 9000', /VMID 9000 is taken by lab-debian on pve1\.\nLeave --vmid out/],
  ['/vm create k8s-dev --memory 4X', /memory must be an amount such as 4G, 4GiB or 4096M, and is "4X"\./],
  ['/vm create k8s-dev --cpus 0', /cpus must be at least 1, and is 0\./],
  ['/vm create k8s-dev --clone deep', /clone can't be "deep"\. Known: linked, full\./],
  ['/vm create k8s-dev --cpu 4', /\/vm create has no option --cpu\. Did you mean --cpus\?/],
  ['/vm create k8s-dev medium large', /\/vm create does not know what to do with "large"\./],
  ['/vm create k8s-dev --network static', /A static address must be given\./],
  ['/vm create k8s-dev --ip 10.77.0.31', /"10\.77\.0\.31" is no address with the length of its network\./],
  [
    '/vm create k8s-dev --ip 10.77.0.31/24 --gateway 10.78.0.1',
    /The gateway 10\.78\.0\.1 is not in the network of 10\.77\.0\.31\/24\./,
  ],
  ['/vm create k8s-dev --network dhcp --ip 10.77.0.31/24', /With --network dhcp the address comes from DHCP/],
  [
    '/vm create k8s-dev --disk 1G',
    /A disk of 1 GiB is smaller than the template's: lab-debian has 2 GiB\.\n.*--disk 2G/,
  ],
  ['/vm create 105', /"105" can't be a VM's name: a number always means a VMID\./],
  ['/vm create k8s-dev --pool nope', /There is no pool "nope" in lab\. There are none\./],
  ['/vm create k8s-dev --pool "a b"', /"a b" can't be the name of a pool/],
  ['/vm create k8s-dev -c 4', /\/vm create has no option -c\. Did you mean --cpus\?/],
  ['/vm delete k8s-dev', /\/vm cannot "delete"\. Did you mean destroy\?/],
  ['/vm craete k8s-dev', /\/vm cannot "craete"\. Did you mean create\?/],
  ['/wm create k8s-dev', /There is no command \/wm\. Did you mean \/vm\?/],
  ['/vm destroy k8s-prod', /There is no VM "k8s-prod"\. There are none\.\n\/vm list/],
  ['/vm start 9000', /lab-debian \(VM 9000\) is a template, and no VM\.\n\/template list/],
  ['/template build debian', /There is no template "debian" in the catalog\. .*Known: lab-debian\./],
  ['/job show r-nope', /There is no job "r-nope"\./],
];

test('whatever cannot be done is answered with a sentence, and leaves nothing behind', async (t) => {
  await using setting = await startSetting();
  for (const [line, sentence] of refusals) {
    await t.test(line, async () => {
      await setting.ana.type(line);
      await setting.ana.until(sentence, 3000);

      assert.deepEqual(await leftOf(setting), nothing);
    });
  }
  const answers = [...setting.ana.messages.values()].filter(({ content }) => content.kind === 'card');
  assert.equal(answers.length, refusals.length);
  // Nobody else is bothered with one's own mistakes.
  assert.equal(setting.ben.transcript(), '');
});

test('a pool that the configuration names and that is not there fails in the plan', async () => {
  await using setting = await startSetting({
    templates: [],
    change: (written) => ({ ...written, clusters: written.clusters.map((one) => ({ ...one, pool: 'nope' })) }),
  });
  const refused = /There is no pool "nope" in lab\. There are none\./;

  await setting.ana.type('/vm create k8s-dev small');
  await setting.ana.until(refused);
  await setting.ben.type('/template build lab-debian');
  await setting.ben.until(refused);

  assert.deepEqual(await leftOf(setting), nothing);
});

test('a command that was nearly right is one press away', async () => {
  await using setting = await startSetting();
  await setting.ana.type('/vm craete k8s-dev small');
  await setting.ana.until(/Did you mean create\?/);

  await setting.ana.press('Run /vm create k8s-dev small');

  await setting.ana.until(/k8s-dev is ready/);
});

test('when no node has room, each says what it lacks', async () => {
  const nodes = [
    { name: 'pve1', memory: 3 * 1024 ** 3 },
    { name: 'pve2', memory: 1024 ** 3 },
  ];
  await using setting = await startSetting({ lab: { nodes } });

  await setting.ana.type('/vm create k8s-dev medium');

  await setting.ana.until(
    /No node has room for 4 GiB of memory: pve1 has [\d.]+ [GM]iB of memory left, pve2 has [\d.]+ [GM]iB of memory left\./,
  );
  assert.deepEqual(await leftOf(setting), nothing);
});

test('a name that a VM has is not given again', async () => {
  await using setting = await startSetting();
  await setting.ana.type('/vm create k8s-dev small');
  await setting.ana.until(/k8s-dev is ready/);

  await setting.ben.type('/vm create K8S-dev small');

  await setting.ben.until(/There is a VM called k8s-dev already|k8s-dev.*(taken|already)/);
  assert.equal(machinesOf(setting.lab).length, 1);
});

test('of two people who ask for the same name at once, one gets the VM and the other a sentence', async () => {
  await using setting = await startSetting({ workers: 2 });

  await Promise.all([setting.ana, setting.ben].map((person) => person.type('/vm create k8s-dev small')));
  await setting.ana.until(/k8s-dev is ready/);
  const told = await Promise.any(
    [setting.ana, setting.ben].map((person) => person.until(/The name k8s-dev is (claimed|taken)/)),
  );

  assert.ok(told);
  assert.equal(machinesOf(setting.lab).length, 1);
  assert.deepEqual((await leftOf(setting)).claims, []);
});

test('a number that is taken behind our back is left to its owner, and the next one used', async () => {
  await using setting = await startSetting();
  setting.lab.faults.push({ method: 'POST', path: /clone$/, mode: 'slow', delayMs: 200 });
  const theirs = { name: 'theirs', cores: '1', memory: '512', smbios1: 'uuid=11111111-2222-4333-8444-555555555555' };

  await setting.ana.type('/vm create k8s-dev small');
  // The plan has looked who is there; the clone has come and is not begun.
  await untilTrue(() => setting.lab.faults.length === 0);
  const [template] = setting.lab.state.guests;
  assert(template);
  setting.lab.state.guests.push({ ...structuredClone(template), vmid: 5000, node: 'pve1', config: theirs });
  await setting.ana.until(/k8s-dev is ready/);

  await setting.ana.until(/VMID 5000 was taken by somebody else in the meantime; using 5001\./);
  assert.deepEqual(
    machinesOf(setting.lab).map(({ vmid, name }) => [vmid, name]),
    [
      [5000, 'theirs'],
      [5001, 'k8s-dev'],
    ],
  );
  assert.deepEqual(setting.lab.machines.get(5000)?.config, theirs);
});
