import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UserError } from '#base/errors.ts';
import { defineCommand } from './command.ts';
import { readArgs } from './read.ts';
import { splitLine } from './split.ts';

const create = defineCommand({
  path: 'vm create',
  about: 'Make a VM.',
  example: '/vm create k8s-dev medium',
  risk: 'change',
  args: {
    name: { kind: 'text', about: 'Its name.', positional: true, required: true },
    size: { kind: 'text', about: 'Its size.', positional: true },
    cpus: { kind: 'whole', synonyms: ['c', 'cores'], about: 'CPUs.', min: 1, max: 64 },
    memory: { kind: 'mib', about: 'Memory.', min: 128 },
    disk: { kind: 'gib', about: 'Disk.', min: 1 },
    clone: { kind: 'choice', choices: ['linked', 'full'], about: 'How.' },
    dns: { kind: 'text', about: 'Name servers.', many: true },
    keep: { kind: 'flag', about: 'Keep it.' },
  },
  run: () => ({ answer: { tone: 'info', fallback: '', blocks: [] } }),
});
const read = (line: string) => readArgs(create, splitLine(line)) as Record<string, unknown>;

const wanted = { name: 'k8s-dev', size: 'medium', cpus: 4, dns: [], keep: false };
for (const line of [
  'k8s-dev medium --cpus 4',
  'k8s-dev medium --cpus=4',
  '--cpus 4 k8s-dev medium',
  'k8s-dev —cpus 4 medium',
  '“k8s-dev” medium –cpus 4',
  '--name k8s-dev --size medium --cpus 4',
]) {
  test(`reads ${line}`, () => {
    assert.deepEqual(read(line), wanted);
  });
}

test('reads amounts in the unit that is written', () => {
  const amounts = read('a --memory 4G --disk 1T');

  assert.deepEqual([amounts.memory, amounts.disk], [4096, 1024]);
});

test('reads a list by commas and by repetition', () => {
  assert.deepEqual(read('a --dns 1.1.1.1,8.8.8.8 --dns 9.9.9.9').dns, ['1.1.1.1', '8.8.8.8', '9.9.9.9']);
});

for (const [line, complaint] of [
  ['', /needs name/],
  ['a --cpu 4', /no option --cpu\. Did you mean --cpus\?/],
  ['a -c 4', /no option -c\. Did you mean --cpus\? Known: --name/],
  ['a -cpus 4', /no option -cpus\. Did you mean --cpus\?/],
  ['a --cores=4', /no option --cores\. Did you mean --cpus\?/],
  ['a -x', /no option -x\. Known: --/],
  ['a --memory 99999999999999T', /memory must be an amount/],
  ['a --cpus', /--cpus needs a value/],
  ['a --cpus four', /whole number, and is "four"/],
  ['a --cpus 65', /at most 64, and is 65/],
  ['a --memory 4', /at least 128, and is 4/],
  ['a --disk 1.5T2', /amount such as 40G/],
  ['a --clone ful', /can't be "ful"\. Did you mean full\?/],
  ['a medium extra', /"extra"/],
  ['a --keep=yes', /takes no value/],
  ['a --cpus 1 --cpus 2', /given twice/],
] as const) {
  test(`refuses "${line}" with a sentence`, () => {
    assert.throws(
      () => read(line),
      (error) => error instanceof UserError && complaint.test(error.message),
    );
  });
}

test('refuses a quote that stays open', () => {
  assert.throws(() => splitLine('/vm create "k8s'), UserError);
});

test('a word of thousands of letters is refused with its beginning', () => {
  assert.throws(() => splitLine(`/vm create ${'x'.repeat(3000)}`), /^UserError: "x{40}…" is 3000 letters long/);
});
