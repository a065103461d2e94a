import type { Duplex } from 'node:stream';
import { filesIn, fullPath, isFolder, modeOf, mostFileBytes, writeFile } from './files.ts';
import type { Inside } from './program.ts';

/** The far end of scp, which talks over its command's standard input and output. */
interface Copy {
  /** Resolves with the exit code. */
  run(channel: Duplex, inside: Inside): Promise<number>;
}

/** What `scp -t PATH` (somebody sends) or `scp -f PATH` (somebody fetches) does; undefined for other commands. */
export function readScp(command: string): Copy | undefined {
  const [, flags = '', path = ''] = /^(?:\/usr\/bin\/)?scp((?:\s+-\w+)+)(?:\s+--)?\s+(.+)$/.exec(command) ?? [];
  const target = path.replace(/^(['"])(.*)\1$/, '$2');
  if (/-\w*t/.test(flags)) return { run: (channel, inside) => receive(channel, inside, target, /-\w*d/.test(flags)) };
  if (/-\w*f/.test(flags)) return { run: (channel, inside) => send(channel, inside, target) };
  return undefined;
}

/** Every message is answered by a zero byte, or by a one with a complaint after it. */
async function receive(channel: Duplex, inside: Inside, target: string, asFolder: boolean): Promise<number> {
  const { system, user } = inside;
  const reader = makeReader(channel);
  let folder = fullPath(target, user);
  let depth = 0;
  const place = (name: string) => (asFolder || depth > 0 || isFolder(system, folder) ? `${folder}/${name}` : folder);
  channel.write('\0');
  for (;;) {
    const line = await reader.line();
    if (line === undefined) return 0;
    const [, kind, mode = '', size = '', name = ''] = /^([CD])(\d{4}) (\d+) ([^/]+)$/.exec(line) ?? [];
    if (kind === 'C') {
      if (Number(size) > mostFileBytes) return refuse(channel, `${name}: No space left on device`);
      channel.write('\0');
      const bytes = await reader.bytes(Number(size) + 1);
      writeFile(
        system,
        place(name).replace(/^\/+/, '/'),
        bytes.toString('utf8', 0, Number(size)),
        Number.parseInt(mode, 8),
      );
    } else if (kind === 'D') {
      folder = place(name);
      depth += 1;
    } else if (line === 'E') {
      folder = folder.replace(/\/[^/]*$/, '');
      depth -= 1;
    } else if (!line.startsWith('T')) return refuse(channel, 'protocol error: unexpected message');
    channel.write('\0');
  }
}

async function send(channel: Duplex, { system, user }: Inside, source: string): Promise<number> {
  const path = fullPath(source, user);
  const text = system.files[path];
  const reader = makeReader(channel);
  await reader.bytes(1);
  if (text === undefined) {
    const why = filesIn(system, path).length > 0 ? 'not a regular file' : 'No such file or directory';
    return refuse(channel, `${source}: ${why}`);
  }
  const bytes = Buffer.from(text);
  channel.write(`C${modeOf(system, path).toString(8).padStart(4, '0')} ${bytes.length} ${path.replace(/^.*\//, '')}\n`);
  await reader.bytes(1);
  channel.write(bytes);
  channel.write('\0');
  await reader.bytes(1);
  return 0;
}

function refuse(channel: Duplex, why: string): number {
  channel.write(`\x01scp: ${why}\n`);
  return 1;
}

interface Reader {
  /** Up to the next line end; undefined when there is nothing more. */
  line(): Promise<string | undefined>;
  bytes(count: number): Promise<Buffer>;
}

function makeReader(channel: Duplex): Reader {
  // What was sent ends before the answer does: the iterator must leave the channel open.
  const chunks = channel.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer>;
  let held = Buffer.alloc(0);
  const more = async () => {
    const next = await chunks.next();
    if (!next.done) held = Buffer.concat([held, next.value]);
    return !next.done;
  };
  const take = (count: number, rest = count) => {
    const taken = held.subarray(0, count);
    held = held.subarray(rest);
    return taken;
  };
  return {
    async line() {
      while (!held.includes(10)) if (held.length > 4096 || !(await more())) return undefined;
      const end = held.indexOf(10);
      return take(end, end + 1).toString('utf8');
    },
    async bytes(count) {
      while (held.length < count) if (!(await more())) throw new Error('lost connection');
      return take(count);
    },
  };
}
