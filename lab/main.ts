import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Engine } from './engine.ts';
import { segment } from './engine.ts';
import type { ImageFile } from './images.ts';
import type { ApiSchema } from './schema.ts';
import { realisticSettings } from './settings.ts';
import { realisticTimes } from './simulated/times.ts';
import { type Lab, type LabOptions, startLab } from './start.ts';

const { values: flags } = parseArgs({
  options: {
    engine: { type: 'string', default: 'simulated' },
    state: { type: 'string' },
    /** Where the QEMU engine's image is built and kept; the state folder when left out. */
    images: { type: 'string' },
    port: { type: 'string', default: '0' },
    'jump-port': { type: 'string', default: '0' },
    'images-port': { type: 'string', default: '0' },
    profile: { type: 'string', default: '9.2' },
    /** A file with Proxmox's description of its API in that version: every call and answer is held against it, see `/_lab/violations`. */
    schema: { type: 'string' },
    /** Leave the machines running at the end. */
    keep: { type: 'boolean', default: false },
    /** Times as on a real Proxmox instead of as fast as possible. */
    realistic: { type: 'boolean', default: false },
    /** End when whoever started this closes our stdin. */
    'with-parent': { type: 'boolean', default: false },
  },
});

const report = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);
const onProgress = (progress: string) => report({ progress });

const { engine, images } = await makeEngine();
const lab = await startLab({ ...labOptions(), ...(engine ? { engine } : {}), ...(images ? { images } : {}) });
report({
  ready: true,
  url: lab.url,
  fingerprint: lab.fingerprint,
  token: lab.token,
  jump: lab.jump,
  images: { url: lab.images.url, catalog: lab.images.catalog },
  segment,
});
// Once, whichever comes first: an end under way must not be overtaken by another one.
const told = Promise.withResolvers<void>();
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => told.resolve());
if (flags['with-parent']) process.stdin.on('end', () => told.resolve()).resume();
void told.promise.then(() => end(lab, engine));

/** The QEMU engine is only loaded when it is wanted: it brings images that take a minute to build. */
async function makeEngine(): Promise<{ engine?: Engine; images?: readonly ImageFile[] }> {
  if (flags.engine === 'simulated') return {};
  if (flags.engine !== 'qemu') throw new TypeError(`--engine ${flags.engine}: write simulated or qemu.`);
  if (flags.state === undefined) throw new TypeError('--engine qemu needs --state DIR for its disks.');
  const { startQemu } = await import('./qemu/engine.ts');
  const { buildImage } = await import('./qemu/images.ts');
  const { name, file } = await buildImage({ dir: flags.images ?? flags.state, onProgress });
  return { engine: await startQemu({ stateDir: flags.state, keep: flags.keep, onProgress }), images: [{ name, file }] };
}

function labOptions(): LabOptions {
  const { profile } = flags;
  if (profile !== '8.4' && profile !== '9.2') throw new TypeError(`--profile ${profile}: write 8.4 or 9.2.`);
  return {
    ...(flags.realistic ? { ...realisticSettings, times: realisticTimes } : {}),
    // A real guest needs more than the blink that a simulated one does: it gets what Proxmox gives it.
    ...(flags.engine === 'qemu' ? realisticSettings : {}),
    ...(flags.state === undefined ? {} : { stateDir: flags.state }),
    ...(flags.schema === undefined ? {} : { schema: JSON.parse(readFileSync(flags.schema, 'utf8')) as ApiSchema }),
    profile,
    port: Number(flags.port),
    jumpPort: Number(flags['jump-port']),
    imagesPort: Number(flags['images-port']),
  };
}

async function end(ending: Lab, own: Engine | undefined): Promise<void> {
  // Whoever started us may be gone, and with them the reader of what we say.
  process.stdout.on('error', () => {});
  const stops = flags.keep ? [] : [...ending.machines.keys()].map((vmid) => ending.engine.stop(vmid));
  // One that can't be stopped must not keep the others running.
  const results = await Promise.allSettled(stops);
  await ending[Symbol.asyncDispose]();
  await own?.[Symbol.asyncDispose]();
  const failed = results.flatMap((result) => (result.status === 'rejected' ? [String(result.reason)] : []));
  if (failed.length > 0) process.stderr.write(`Not every machine could be stopped: ${failed.join('; ')}\n`);
  process.exit(failed.length > 0 ? 1 : 0);
}
