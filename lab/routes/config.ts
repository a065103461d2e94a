import { isRoot } from '../access.ts';
import { applyChange, type Change, checkChange } from '../change.ts';
import { cloudInitFiles } from '../cloud-init.ts';
import type { Cluster } from '../cluster.ts';
import { isCloudInit, readDrive } from '../drive.ts';
import { checkLock, digestOf, drivesOf, findSnapshot, guestOn, withPending } from '../guests.ts';
import { optionParams, shown } from '../options.ts';
import { digest, flag, integer, matching, oneOf, optional, type Params, text } from '../params.ts';
import { badParameters, died } from '../problem.ts';
import { type Call, perm, permAny, type Route } from '../route.ts';
import type { Guest } from '../state.ts';

const base = '/nodes/{node}/qemu/{vmid}';
const mayChange = ['Disk', 'CDROM', 'CPU', 'Memory', 'Network', 'HWType', 'Options', 'Cloudinit'].map(
  (part) => `VM.Config.${part}`,
);
const control: Params = {
  delete: optional(text()),
  digest: optional(digest),
  force: optional(flag),
  revert: optional(text()),
  skiplock: optional(flag),
};
const later: Params = {
  background_delay: optional(integer(1, 30)),
  'import-working-storage': optional(text()),
};

export const configRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: `${base}/config`,
    access: perm('/vms/{vmid}', 'VM.Audit'),
    params: { current: optional(flag), snapshot: optional(text()) },
    run: showConfig,
  },
  { method: 'GET', path: `${base}/pending`, access: perm('/vms/{vmid}', 'VM.Audit'), params: {}, run: showPending },
  {
    method: 'PUT',
    path: `${base}/config`,
    access: permAny('/vms/{vmid}', ...mayChange),
    params: (given) => ({ ...optionParams(Object.keys(given)), ...control }),
    run: changeNow,
  },
  {
    method: 'POST',
    path: `${base}/config`,
    access: permAny('/vms/{vmid}', ...mayChange),
    params: (given) => ({ ...optionParams(Object.keys(given)), ...control, ...later }),
    run: changeLater,
  },
  {
    method: 'PUT',
    path: `${base}/unlink`,
    access: perm('/vms/{vmid}', 'VM.Config.Disk'),
    params: { idlist: text(), force: optional(flag) },
    run: unlink,
  },
  {
    method: 'GET',
    path: `${base}/cloudinit`,
    access: perm('/vms/{vmid}', 'VM.Audit'),
    params: {},
    run: cloudInitOptions,
  },
  {
    method: 'PUT',
    path: `${base}/cloudinit`,
    access: perm('/vms/{vmid}', 'VM.Config.Cloudinit'),
    params: {},
    run: regenerate,
  },
  {
    method: 'GET',
    path: `${base}/cloudinit/dump`,
    access: perm('/vms/{vmid}', 'VM.Audit'),
    params: { type: oneOf('user', 'network', 'meta') },
    run: dump,
  },
  {
    method: 'GET',
    path: base,
    access: 'user',
    params: {},
    run: () =>
      [
        'config',
        'cloudinit',
        'pending',
        'status',
        'unlink',
        'migrate',
        'resize',
        'move',
        'agent',
        'snapshot',
        'sendkey',
      ].map((subdir) => ({ subdir })),
  },
];

function showConfig({ cluster, node, vmid, values }: Call): Record<string, unknown> {
  const guest = guestOn(cluster, node, vmid);
  const { snapshot } = values;
  if (snapshot !== undefined) return shownConfig(findSnapshot(guest, snapshot).config, guest);
  const config = values.current === '1' ? guest.config : withPending(guest);
  return shownConfig(config, guest);
}

function shownConfig(config: Readonly<Record<string, string>>, guest: Guest): Record<string, unknown> {
  const entries = Object.entries(config).map(([key, value]) => [key, shown(key, value)] as const);
  return { ...Object.fromEntries(entries), digest: digestOf(guest) };
}

function showPending({ cluster, node, vmid }: Call): unknown[] {
  const guest = guestOn(cluster, node, vmid);
  const keys = new Set([...Object.keys(guest.config), ...Object.keys(guest.pending)]);
  const rows = [...keys].map((key) => {
    const value = guest.config[key];
    const waiting = guest.pending[key];
    return {
      key,
      ...(value === undefined ? {} : { value: shown(key, value) }),
      ...(waiting === undefined ? {} : waiting === null ? { delete: 1 } : { pending: shown(key, waiting) }),
    };
  });
  return [...rows, { key: 'digest', value: digestOf(guest) }];
}

async function changeNow(call: Call): Promise<null> {
  const { cluster, vmid } = call;
  const { guest, change } = readChange(call);
  // 9.x looks at the lock before it waits for the file.
  if (cluster.settings.profile !== '8.4') mayTouch(call, guest);
  await cluster.locks.hold(vmid, async () => {
    mayTouch(call, guest);
    await applyChange(cluster, guest, change, { log: () => {}, signal: call.signal, made: [] });
  });
  return null;
}

async function changeLater(call: Call): Promise<string> {
  const { cluster, node, vmid, caller } = call;
  const { guest, change } = readChange(call);
  mayTouch(call, guest);
  return cluster.tasks.start({ node, type: 'qmconfig', id: String(vmid), caller }, (task) =>
    cluster.locks.hold(vmid, async () => {
      mayTouch(call, guest);
      const words = Object.entries(change.set).map(
        ([key, value]) => `-${key} ${key === 'cipassword' ? '<hidden>' : value}`,
      );
      const removed = change.remove.length > 0 ? [`-delete ${change.remove.join(',')}`] : [];
      task.log(`update VM ${vmid}: ${[...words, ...removed].join(' ')}`);
      await applyChange(cluster, guest, change, { log: task.log, signal: task.signal, made: [] });
    }),
  );
}

function readChange(call: Call): { guest: Guest; change: Change } {
  const { cluster, caller, node, vmid, values } = call;
  const {
    delete: removed,
    revert,
    digest: known,
    force,
    skiplock,
    background_delay: _,
    'import-working-storage': __,
    ...set
  } = values;
  if (skiplock === '1' && !isRoot(caller)) throw badParameters({ skiplock: 'Only root may use this option.' });
  const change = { set, remove: names(removed), revert: names(revert), force: force === '1' };
  if (Object.keys(set).length + change.remove.length + change.revert.length === 0) throw died('no options specified');
  const guest = guestOn(cluster, node, vmid);
  checkChange(cluster, caller, guest, change);
  if (known !== undefined && known !== digestOf(guest)) throw died('checksum mismatch (file change by other user?)');
  return { guest, change };
}

function mayTouch(call: Call, guest: Guest): void {
  guestOn(call.cluster, call.node, call.vmid);
  if (call.values.skiplock !== '1') checkLock(guest);
}

async function unlink(call: Call): Promise<null> {
  const { cluster, node, vmid, values } = call;
  const guest = guestOn(cluster, node, vmid);
  const change = { set: {}, remove: names(values.idlist), revert: [], force: values.force === '1' };
  checkChange(cluster, call.caller, guest, change);
  await cluster.locks.hold(vmid, async () => {
    checkLock(guest);
    await applyChange(cluster, guest, change, { log: () => {}, signal: call.signal, made: [] });
  });
  return null;
}

function cloudInitOptions({ cluster, node, vmid }: Call): unknown[] {
  const guest = guestOn(cluster, node, vmid);
  const keys = Object.keys(guest.config).filter((key) =>
    /^(ciuser|cipassword|sshkeys|nameserver|searchdomain)$/.test(key),
  );
  return keys.map((key) => ({ key, value: shown(key, guest.config[key] ?? '') }));
}

function regenerate({ cluster, node, vmid }: Call): null {
  const guest = guestOn(cluster, node, vmid);
  checkLock(guest);
  checkSnippets(cluster, guest);
  if (!drivesOf(guest.config).some(([, line]) => isCloudInit(readDrive(line)))) throw died('No cloudinit drive found');
  return null;
}

function dump({ cluster, node, vmid, values }: Call): string {
  const guest = guestOn(cluster, node, vmid);
  const files = cloudInitFiles(vmid, guest.config);
  if (values.type === 'user') return files.userData;
  return values.type === 'network' ? files.networkConfig : files.metaData;
}

/** Own snippets are files that somebody put on the node's disk: the API can't. What they say, the lab's machines do not hear. */
export function checkSnippets({ state }: Cluster, guest: Guest): void {
  const volid = /(?:user|network|meta|vendor)=([^,]+)/.exec(guest.config.cicustom ?? '')?.[1];
  const isThere = state.volumes.some((one) => one.volid === volid && (one.node ?? guest.node) === guest.node);
  if (volid !== undefined && !isThere) throw died(`volume '${volid}' does not exist`);
}

function names(value: string | undefined): string[] {
  return (value ?? '').split(/[,;\s]+/).filter((name) => name !== '');
}

export const resizeSize = matching(/^\+?\d+(\.\d+)?[KMGT]?$/);
