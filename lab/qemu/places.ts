import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join, normalize, resolve } from 'node:path';
import type { Volume } from '../engine.ts';

/** Where the engine keeps what; everything below one state directory, but for sockets when its path is long. */
export interface Places {
  readonly root: string;
  readonly volumes: string;
  readonly machines: string;
  readonly network: string;
  /** Unix sockets; their paths may not be longer than 107 bytes. */
  readonly sockets: string;
}

const longestSocketFolder = 80;

/** Makes the folders that are missing. Rejects a socket folder that belongs to somebody else. */
export function preparePlaces(stateDir: string): Places {
  const root = resolve(stateDir);
  const places: Places = {
    root,
    volumes: join(root, 'volumes'),
    machines: join(root, 'machines'),
    network: join(root, 'network'),
    sockets: socketFolder(root),
  };
  for (const folder of Object.values(places)) mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (lstatSync(places.sockets).uid !== userInfo().uid) {
    throw new Error(`${places.sockets} belongs to another user. Remove it or choose another state directory.`);
  }
  return places;
}

function socketFolder(root: string): string {
  const inside = join(root, 'sockets');
  if (inside.length <= longestSocketFolder) return inside;
  const short = createHash('sha256').update(root).digest('hex').slice(0, 12);
  return join(tmpdir(), `lab-${userInfo().uid}-${short}`);
}

/** The file of a volume: `local:100/vm-100-disk-0.qcow2` on pve1 lies in `volumes/pve1/local/100/`. */
export function volumeFile(places: Places, volume: Volume): string {
  const name = volume.volid.slice(volume.volid.indexOf(':') + 1);
  const folder = join(places.volumes, volume.node ?? 'shared', volume.storage);
  const file = normalize(join(folder, name));
  if (name === '' || !file.startsWith(`${folder}/`)) throw new Error(`unable to parse volume ID '${volume.volid}'`);
  return file;
}

/** The files and sockets of one machine. */
export function machinePlaces(places: Places, vmid: number) {
  const folder = join(places.machines, String(vmid));
  return {
    folder,
    pidFile: join(folder, 'pid'),
    console: join(folder, 'console.log'),
    cloudInit: join(folder, 'cloud-init.iso'),
    qmp: join(places.sockets, `${vmid}.qmp`),
    agent: join(places.sockets, `${vmid}.agent`),
  };
}

export type MachinePlaces = ReturnType<typeof machinePlaces>;
