import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { readAnswer } from './answer.ts';
import { classify } from './classify.ts';

/** Recordings of real Proxmox VE daemons, where a checkout has them beside it. */
const folder = join(import.meta.dirname, '../../shared/data');

interface Recording {
  readonly name: string;
  readonly request: { readonly method: string };
  readonly status: number;
  readonly statusText: string;
  readonly body: unknown;
}

/** Refusals of calls that the bot never makes, whose texts need no class of their own. */
const notOurs = [
  /^acl\./, // users, roles and permissions
  /^pool\./,
  /^missing-vm\.rrd/, // graphs
  /^query-url\./,
  /^cluster\.storage\./,
  /^storage\.notmounted\.add/,
  /migrate/,
  /^boot\.unknown-device/,
  /^clone\.running-full/, // an artefact of the recorded set-up's QEMU
];

for (const release of ['8.4', '9.2']) {
  const file = join(folder, `pve-golden-${release}.jsonl`);

  describe(`what Proxmox VE ${release} really said`, { skip: !existsSync(file) }, () => {
    const recordings = existsSync(file) ? readRecordings(file) : [];

    test('every refusal has a class and words', () => {
      const refused = recordings.filter(({ status }) => status >= 300);

      const unclear = refused.flatMap(({ name, request, status, statusText, body }) => {
        const changes = request.method !== 'GET';
        const text = typeof body === 'string' ? body : JSON.stringify(body);
        const result = readAnswer({ status, reason: statusText, body: text }, changes);
        if (!('said' in result)) return [`${name}: taken for a good answer`];
        const { kind } = classify(result.said);
        return kind === 'other' || result.said.text === '' ? [`${name}: ${kind}: ${result.said.text}`] : [];
      });

      assert.ok(refused.length > 100);
      assert.deepEqual(unclear.filter(isOurs), []);
    });

    test('every good answer is taken for one', () => {
      const good = recordings.filter(({ status, body }) => status === 200 && typeof body === 'object');

      const wrong = good.filter(
        ({ body }) => !('data' in readAnswer({ status: 200, reason: 'OK', body: JSON.stringify(body) }, false)),
      );

      assert.ok(good.length > 100);
      assert.deepEqual(wrong, []);
    });

    test('every failed task has a class', () => {
      const statuses = recordings
        .filter(({ name }) => name.endsWith('.task-status'))
        .map(({ name, body }) => ({ name, text: (body as Partial<TaskStatus>).data?.exitstatus ?? 'OK' }))
        .filter(({ text }) => text !== 'OK' && !/^WARNINGS: \d+$/.test(text));

      const unclear = statuses
        .filter(({ text }) => classify({ text, changes: true }).kind === 'other')
        .map(({ name, text }) => `${name}: ${text}`);

      assert.ok(statuses.length > 10);
      assert.deepEqual(unclear.filter(isOurs), []);
    });
  });
}

interface TaskStatus {
  readonly data: { readonly exitstatus?: string };
}

function readRecordings(file: string): Recording[] {
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Recording);
}

const isOurs = (line: string) => !notOurs.some((pattern) => pattern.test(line));
