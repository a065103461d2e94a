import { guestOn, isRunning } from '../guests.ts';
import { flag, integer, list, optional, secretText, text, upTo } from '../params.ts';
import { died } from '../problem.ts';
import { readProperties } from '../property.ts';
import { type Call, permAgent, type Route } from '../route.ts';

const base = '/nodes/{node}/qemu/{vmid}/agent';
const commands: readonly (readonly ['GET' | 'POST', string, string])[] = [
  ['GET', 'network-get-interfaces', 'guest-network-get-interfaces'],
  ['GET', 'get-osinfo', 'guest-get-osinfo'],
  ['GET', 'get-host-name', 'guest-get-host-name'],
  ['GET', 'get-users', 'guest-get-users'],
  ['GET', 'get-time', 'guest-get-time'],
  ['GET', 'get-vcpus', 'guest-get-vcpus'],
  ['GET', 'get-fsinfo', 'guest-get-fsinfo'],
  ['GET', 'info', 'guest-info'],
  ['POST', 'ping', 'guest-ping'],
];

/** Commands without parameters answer `{ result }`; exec and the file calls have shapes of their own. */
export const agentRoutes: readonly Route[] = [
  ...commands.map(
    ([method, name, command]): Route => ({
      method,
      path: `${base}/${name}`,
      access: permAgent('Audit'),
      params: {},
      run: async (call) => ({ result: await ask(call, command, {}) }),
    }),
  ),
  {
    method: 'POST',
    path: `${base}/set-user-password`,
    access: permAgent('Unrestricted'),
    params: { username: text(), password: secretText, crypted: optional(flag) },
    run: setPassword,
  },
  {
    method: 'POST',
    path: `${base}/exec`,
    access: permAgent('Unrestricted'),
    params: { command: list, 'input-data': optional(upTo(65_536)) },
    run: exec,
  },
  {
    method: 'GET',
    path: `${base}/exec-status`,
    access: permAgent('Unrestricted'),
    params: { pid: integer() },
    run: execStatus,
  },
  {
    method: 'POST',
    path: `${base}/file-write`,
    access: permAgent('FileWrite'),
    params: { file: text(), content: upTo(61_440), encode: optional(flag) },
    run: writeFile,
  },
  { method: 'GET', path: `${base}/file-read`, access: permAgent('FileRead'), params: { file: text() }, run: readFile },
];

/** Knocks first, as Proxmox does: a guest without an agent costs the whole timeout, and only then the question is put. */
async function ask(call: Call, command: string, args: Record<string, unknown>): Promise<unknown> {
  const { cluster, node, vmid } = call;
  const { agentTimeoutMs } = cluster.settings;
  const guest = guestOn(cluster, node, vmid);
  if (!isRunning(cluster, guest)) throw died(`VM ${vmid} is not running`);
  const { enabled = '0' } = readProperties(guest.config.agent ?? '0', 'enabled');
  if (enabled !== '1') throw died('No QEMU guest agent configured');
  const knock = await cluster.engine.agent(vmid, 'guest-ping', {}, agentTimeoutMs).catch(() => {
    throw died('QEMU guest agent is not running');
  });
  if (command === 'guest-ping') return knock ?? {};
  return await cluster.engine.agent(vmid, command, args, Math.max(agentTimeoutMs, 10_000)).catch((error: Error) => {
    throw died(`Agent error: ${error.message}`);
  });
}

async function setPassword(call: Call): Promise<unknown> {
  const { username, password = '', crypted = '0' } = call.values;
  const secret = Buffer.from(password).toString('base64');
  const args = { username, password: secret, crypted: crypted === '1' };
  return { result: await ask(call, 'guest-set-user-password', args) };
}

async function exec(call: Call): Promise<unknown> {
  const sent = call.given.command ?? '';
  const [path = '', ...arg] = typeof sent === 'string' ? [sent] : sent;
  const input = call.values['input-data'];
  const data = input === undefined ? {} : { 'input-data': Buffer.from(input).toString('base64') };
  const started = (await ask(call, 'guest-exec', { path, arg, 'capture-output': true, ...data })) as { pid: number };
  return { pid: started.pid };
}

async function execStatus(call: Call): Promise<unknown> {
  const status = (await ask(call, 'guest-exec-status', { pid: Number(call.values.pid) })) as Record<string, unknown>;
  const shown: Record<string, unknown> = { exited: status.exited ? 1 : 0 };
  if (status.exitcode !== undefined) shown.exitcode = status.exitcode;
  if (status.signal !== undefined) shown.signal = status.signal;
  for (const stream of ['out', 'err'] as const) {
    const data = status[`${stream}-data`];
    if (typeof data !== 'string' || data === '') continue;
    shown[`${stream}-data`] = Buffer.from(data, 'base64').toString('utf8');
    shown[`${stream}-truncated`] = status[`${stream}-truncated`] ? 1 : 0;
  }
  return shown;
}

async function writeFile(call: Call): Promise<null> {
  const { file, content = '', encode = '1' } = call.values;
  const handle = await ask(call, 'guest-file-open', { path: file, mode: 'wb' });
  const bytes = encode === '0' ? content : Buffer.from(content).toString('base64');
  await ask(call, 'guest-file-write', { handle, 'buf-b64': bytes });
  await ask(call, 'guest-file-close', { handle });
  return null;
}

async function readFile(call: Call): Promise<unknown> {
  const handle = await ask(call, 'guest-file-open', { path: call.values.file, mode: 'rb' });
  const read = (await ask(call, 'guest-file-read', { handle, count: 1024 ** 2 })) as Record<string, unknown>;
  await ask(call, 'guest-file-close', { handle });
  const content = Buffer.from(String(read['buf-b64'] ?? ''), 'base64').toString('utf8');
  return { content, 'bytes-read': read.count };
}
