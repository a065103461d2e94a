import { knows, runWords } from './commands.ts';
import { addressPrefix } from './machine.ts';
import type { Inside, Output } from './program.ts';
import type { Running } from './running.ts';

/** What an agent remembers between its answers. */
export interface AgentMemory {
  /** What runs or ran, by process id. */
  readonly processes: Map<number, { output: Output | undefined }>;
  /** The paths of opened files; a handle is a place in this list. */
  readonly opened: string[];
}

/** One command of the guest agent's protocol, answered as QEMU's agent does. */
export async function answerAgent(
  running: Running,
  inside: Inside,
  memory: AgentMemory,
  command: string,
  args: Record<string, unknown>,
): Promise<unknown> {
  const answer = commands[command];
  if (!answer) throw new Error(`The command ${command} has not been found`);
  return answer({ running, inside, memory, args });
}

interface Asked {
  readonly running: Running;
  readonly inside: Inside;
  readonly memory: AgentMemory;
  readonly args: Record<string, unknown>;
}

const commands: Record<string, (asked: Asked) => unknown> = {
  'guest-ping': () => ({}),
  'guest-info': () => ({
    version: '8.2.0',
    supported_commands: Object.keys(commands).map((name) => ({ name, enabled: true })),
  }),
  'guest-get-host-name': ({ inside }) => ({ 'host-name': inside.system.hostname }),
  'guest-get-users': () => [],
  'guest-get-time': () => Date.now() * 1_000_000,
  'guest-get-osinfo': ({ inside }) => ({
    id: inside.system.os,
    name: inside.system.os,
    'pretty-name': inside.system.os,
    machine: 'x86_64',
  }),
  'guest-get-vcpus': ({ inside }) =>
    Array.from({ length: inside.cores }, (_, id) => ({ 'logical-id': id, online: true })),
  'guest-get-fsinfo': ({ inside }) => [
    { name: 'sda1', mountpoint: '/', type: 'ext4', 'total-bytes': inside.diskSize, disk: [] },
  ],
  'guest-network-get-interfaces': ({ running, inside }) =>
    interfaces(running, inside.system.trouble === 'agent floods'),
  'guest-set-user-password': () => ({}),
  'guest-exec': exec,
  'guest-exec-status': execStatus,
  'guest-file-open': ({ inside, memory, args }) => {
    const path = String(args.path);
    if (String(args.mode).startsWith('w')) inside.system.files[path] = '';
    else if (inside.system.files[path] === undefined)
      throw new Error(`failed to open file '${path}' (mode: 'r'): No such file or directory`);
    return memory.opened.push(path) - 1;
  },
  'guest-file-write': ({ inside, memory, args }) => {
    const bytes = Buffer.from(String(args['buf-b64']), 'base64');
    inside.system.files[memory.opened[Number(args.handle)] ?? ''] = bytes.toString('utf8');
    return { count: bytes.length, eof: false };
  },
  'guest-file-read': ({ inside, memory, args }) => {
    const bytes = Buffer.from(inside.system.files[memory.opened[Number(args.handle)] ?? ''] ?? '');
    return { count: bytes.length, 'buf-b64': bytes.toString('base64'), eof: true };
  },
  'guest-file-close': () => ({}),
};

function exec({ inside, memory: { processes }, args }: Asked): unknown {
  const path = String(args.path);
  if (!knows(path, inside))
    throw new Error(`Failed to execute child process \u201c${path}\u201d (No such file or directory)`);
  const pid = 500 + processes.size;
  const process = { output: undefined as Output | undefined };
  processes.set(pid, process);
  const input = Buffer.from(String(args['input-data'] ?? ''), 'base64').toString('utf8');
  void runWords([path, ...((args.arg as string[] | undefined) ?? [])], inside, input).then((output) => {
    process.output = output;
  });
  return { pid };
}

function execStatus({ memory: { processes }, args }: Asked): unknown {
  const process = processes.get(Number(args.pid));
  if (!process) throw new Error("Invalid parameter 'pid'");
  if (!process.output) return { exited: false };
  const { code, stdout, stderr } = process.output;
  const encoded = (text: string) => Buffer.from(text).toString('base64');
  return { exited: true, exitcode: code, 'out-data': encoded(stdout), 'err-data': encoded(stderr) };
}

const nothingCounted = Object.fromEntries(
  ['rx', 'tx'].flatMap((way) => ['bytes', 'packets', 'errs', 'dropped'].map((what) => [`${way}-${what}`, 0])),
);

/** The loopback first and a link-local address on every card, as a real guest answers. */
function interfaces(running: Running, floods: boolean): unknown[] {
  const loopback = {
    name: 'lo',
    'hardware-address': '00:00:00:00:00:00',
    'ip-addresses': [ip('127.0.0.1', 8), ip('::1', 128)],
    statistics: nothingCounted,
  };
  const cards = running.cards.map(({ mac, address }, at) => ({
    name: `eth${at}`,
    'hardware-address': mac,
    'ip-addresses': [
      ...(address === undefined ? [] : [ip(address, addressPrefix)]),
      ip(linkLocal(mac), 64),
      ...(floods ? Array.from({ length: 40_000 }, (_, at) => ip(`10.1.${at >> 8}.${at & 255}`, 8)) : []),
    ],
    statistics: nothingCounted,
  }));
  return [loopback, ...cards];
}

function ip(address: string, prefix: number): unknown {
  return { 'ip-address': address, 'ip-address-type': address.includes(':') ? 'ipv6' : 'ipv4', prefix };
}

function linkLocal(mac: string): string {
  const bytes = mac.split(':').map((byte) => Number.parseInt(byte, 16));
  const eui = [
    (bytes[0] ?? 0) ^ 2,
    bytes[1] ?? 0,
    bytes[2] ?? 0,
    0xff,
    0xfe,
    bytes[3] ?? 0,
    bytes[4] ?? 0,
    bytes[5] ?? 0,
  ];
  const groups = [0, 2, 4, 6].map((at) => (((eui[at] ?? 0) << 8) | (eui[at + 1] ?? 0)).toString(16));
  return `fe80::${groups.join(':')}`;
}
