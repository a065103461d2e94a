import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parse, stringify } from 'yaml';
import { parseConfig } from '#bot/config.ts';
import { startGateway } from '#bot/gateway.ts';
import { type LabReady, startLabProcess } from '#bot/up/lab.ts';
import { writeLabConfig } from '#bot/up/lab-config.ts';
import { startBotWorker } from '#bot/worker.ts';
import { schemaFiles } from '#lab/schema-for-tests.ts';
import { openConsole } from '../console.ts';
import { freshRedis } from '../redis.ts';
import { violationsOf } from '../violations.ts';

/**
 * The whole program around real QEMU machines: the lab is a process of its own, gateway and worker run here. The lab's image is kept in `.botswain/test-lab`
 * between runs, its machines are not. `change` may rewrite the configuration before it is read.
 */
export async function startQemuSetting(change: (config: Record<string, unknown>, lab: LabReady) => void = () => {}) {
  const root = resolve(import.meta.dirname, '..', '..');
  const images = join(root, '.botswain', 'test-lab');
  const stateDir = mkdtempSync(join(tmpdir(), 'botswain-qemu-'));
  mkdirSync(join(stateDir, 'log'), { recursive: true });
  mkdirSync(images, { recursive: true });
  const say = (line: string) => process.stderr.write(`  lab: ${line}\n`);
  const entry = join(root, 'lab', 'main.ts');
  const schema = schemaFiles['9.2'];
  const described = schema === undefined ? {} : { schema };
  const how = { entry, stateDir, imagesDir: images, engine: 'qemu', keep: false, ...described } as const;
  const lab = startLabProcess({ ...how, onProgress: say });
  const ready = await lab.ready;
  const file = writeLabConfig(stateDir, ready, 0);
  const written = parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  change(written, ready);
  const { url, prefix } = await freshRedis();
  const redis = { url, prefix: prefix.replace(/[{}]/g, ''), unsafe: 'warn' };
  const config = parseConfig(stringify({ ...written, redis, log: { level: 'warn' } }), 'the lab', {});
  const worker = await startBotWorker(config);
  const gateway = await startGateway(config);
  const [ana, ben] = await Promise.all([openConsole(gateway.url, 'ana'), openConsole(gateway.url, 'ben')]);
  return {
    ana,
    ben,
    url: gateway.url,
    lab: ready,
    /** The private key's file and the ssh configuration that know the way in. */
    ssh: { key: join(stateDir, 'ssh', 'id_ed25519'), config: join(stateDir, 'ssh', 'config') },
    async [Symbol.asyncDispose]() {
      for (const one of [ana, ben, gateway, worker]) await one[Symbol.asyncDispose]();
      const violations = await violationsOf(ready);
      await lab.stop();
      rmSync(stateDir, { recursive: true, force: true });
      // What the product asked for that Proxmox does not know, and what the lab answered as Proxmox would not.
      assert.deepEqual(violations, []);
    },
  };
}
