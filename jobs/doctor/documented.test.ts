import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { systemClock } from '#base/clock.ts';
import { apiForTests } from '#lab/api-for-tests.ts';
import { startLab } from '#lab/start.ts';
import type { Settings } from '../settings.ts';
import { examine } from './examine.ts';
import { typePveum } from './pveum-for-tests.ts';
import { connect, type Profile } from './setting-for-tests.ts';

for (const profile of ['8.4', '9.2'] as const) {
  for (const pool of [undefined, 'botswain']) {
    test(`the lines of docs/proxmox.md give all that is needed on ${profile}${pool ? ' for a pool' : ''}`, async () => {
      const lines = documentedLines(profile).map((line) =>
        pool ? line.replace('modify /vms', `modify /pool/${pool}`) : line,
      );
      const settings = { pool, bridge: 'vmbr0', storages: { disks: 'local-lvm', images: 'local', seeds: 'local' } };
      const storages = [{ storage: 'local' }, { storage: 'local-lvm', content: ['images'] }];
      await using made = new AsyncDisposableStack();
      const lab = made.use(await startLab({ profile, storages }));
      const root = apiForTests(lab);
      for (const line of pool ? [`pveum pool add ${pool}`, ...lines] : lines) await typePveum(root, line);
      const token = lab.state.users
        .find(({ userid }) => userid === 'botswain@pve')
        ?.tokens.find(({ tokenid }) => tokenid === 'bot');
      const more = { ...settings, token: { id: 'botswain@pve!bot', secret: token?.secret } };
      const cluster = made.adopt(connect(lab, '', more), ({ api }) => api[Symbol.asyncDispose]());

      const found = await examine(cluster, { templates: {} } as unknown as Settings, systemClock);

      assert.deepEqual(
        found.filter(({ state }) => state !== 'good').map(({ text }) => text),
        [],
      );
    });
  }
}

/** The lines of section 1 for this version; the lab has the user already, and makes another one beside it in vain. */
function documentedLines(profile: Profile): string[] {
  const text = readFileSync(join(import.meta.dirname, '../../docs/proxmox.md'), 'utf8');
  const [, block = ''] = /```sh\n(# Proxmox VE 9\.x[\s\S]*?)```/.exec(text) ?? [];
  const lines = block
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .map((line) => line.replace(/\s+#.*$/, ''));
  const other = profile === '8.4' ? 'VM.GuestAgent.Audit' : 'VM.Monitor';
  return lines.filter(
    (line) => line.startsWith('pveum') && !line.includes(other) && !line.startsWith('pveum user add'),
  );
}
