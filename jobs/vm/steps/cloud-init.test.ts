import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askCloudInit } from './cloud-init.ts';

const log = 'cc_x.py[WARNING]: one\nutil.py[ERROR]: two\n';

/** A machine whose cloud-init answers this, with that log. */
const machine = (code: number, stdout: string) => async (command: string) =>
  command.startsWith('cloud-init') ? { code, stdout, stderr: '' } : { code: 0, stdout: log, stderr: '' };

for (const [what, code, stdout, expected] of [
  ['all is well', 0, 'status: done\n', { state: 'done' }],
  ['it is turned off', 0, 'status: disabled\n', { state: 'done' }],
  ['there is none', 127, '', { state: 'not there' }],
  ['it is at work', 0, 'status: running\n', { state: 'at work' }],
  ['it has not begun', 1, 'status: not started\n', { state: 'at work' }],
  ['it failed', 1, 'status: error\n', { state: 'failed', lines: log.trim().split('\n') }],
  ['it went on in spite of errors', 2, 'status: done\n', { state: 'done with errors', lines: log.trim().split('\n') }],
] as const) {
  test(`cloud-init’s answer is understood when ${what}`, async () => {
    assert.deepEqual(await askCloudInit(machine(code, stdout)), expected);
  });
}
