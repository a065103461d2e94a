import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { textOf } from '../console.ts';
import { startQemuSetting } from './qemu-setting.ts';

test('an image with a wrong checksum leaves nothing behind', async () => {
  const sums = createServer((_, response) => response.end(`${'0'.repeat(64)}  ${file}\n`));
  await new Promise<void>((resolve) => sums.listen(0, '127.0.0.1', resolve));
  const { port } = sums.address() as AddressInfo;
  let file = '';
  await using setting = await startQemuSetting((config, lab) => {
    const [image] = lab.images.catalog;
    file = new URL(image?.url ?? '').pathname.slice(1);
    const wrong = { url: image?.url, sums: `http://127.0.0.1:${port}/SHA256SUMS`, user: 'debian' };
    config.templates = { ...(config.templates as object), wrong };
  });
  const { ana } = setting;

  await ana.type('/template build wrong');
  const card = textOf(await ana.until(/build template wrong on pve1 failed/, 5 * 60_000));
  sums.close();
  await ana.type('/template list');

  assert.match(card, /checksum/i);
  assert.match(textOf(await ana.until(/wrong \| debian/)), /wrong \| debian \| .* \| not built/);
  const headers = { Authorization: `PVEAPIToken=${setting.lab.token.id}=${setting.lab.token.secret}` };
  const left = await fetchLab(setting.lab.url, '/api2/json/nodes/pve1/storage/local/content', headers);
  assert.deepEqual(left, []);
});

/** The lab's certificate is its own; here only the answer matters. */
async function fetchLab(url: string, path: string, headers: Record<string, string>): Promise<unknown> {
  const { request } = await import('node:https');
  return new Promise((resolve, reject) => {
    const asking = request(new URL(path, url), { headers, rejectUnauthorized: false }, async (response) => {
      let text = '';
      for await (const chunk of response.setEncoding('utf8')) text += chunk;
      resolve((JSON.parse(text) as { data: unknown }).data);
    });
    asking.once('error', reject).end();
  });
}
