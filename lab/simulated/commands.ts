import { setTimeout as pause } from 'node:timers/promises';
import type { System } from './image.ts';

/** What a command sees of the machine it runs on. */
export interface Inside {
  readonly system: System;
  readonly user: string;
  readonly cores: number;
  /** Bytes. */
  readonly memory: number;
  readonly diskSize: number;
  readonly address: string | undefined;
  readonly bootedAt: number;
  /** How far cloud-init is, in its own words. */
  cloudInitStatus(): string;
  /** Resolves when cloud-init is done. */
  readonly settled: Promise<void>;
  powerOff(): void;
  reboot(): void;
}

export interface Output {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

type Program = (args: readonly string[], inside: Inside, input: string) => Promise<Output> | Output;

const say = (stdout: string): Output => ({ stdout, stderr: '', code: 0 });
const fail = (stderr: string, code: number): Output => ({ stdout: '', stderr, code });

const programs: Record<string, Program> = {
  true: () => say(''),
  sleep: async ([seconds = '0']) => {
    await pause(Number(seconds) * 1000, undefined, { ref: false });
    return say('');
  },
  false: () => fail('', 1),
  sync: () => say(''),
  echo: (args) => say(`${args.join(' ')}\n`),
  printf: (args) => say((args[0] ?? '').replaceAll('\\n', '\n')),
  hostname: (_, { system }) => say(`${system.hostname}\n`),
  whoami: (_, { user }) => say(`${user}\n`),
  id: (args, { user }) => say(args.includes('-un') ? `${user}\n` : `uid=1000(${user}) gid=1000(${user})\n`),
  uname: (args, { system }) => say(args.includes('-n') ? `${system.hostname}\n` : 'Linux\n'),
  nproc: (_, { cores }) => say(`${cores}\n`),
  uptime: (_, { bootedAt }) => say(` up ${Math.floor((Date.now() - bootedAt) / 60_000)} min\n`),
  cat: readFiles,
  grep: grep,
  lsblk: (_, { diskSize }) => say(`${diskSize}\n`),
  'cloud-init': async (args, { settled, cloudInitStatus }) => {
    if (args[0] !== 'status') return fail(`cloud-init: error: argument subcommand: invalid choice: '${args[0]}'\n`, 2);
    if (args.includes('--wait')) await settled;
    const status = cloudInitStatus();
    return { ...say(`status: ${status}\n`), code: status === 'error' ? 1 : 0 };
  },
  poweroff: (_, { powerOff }) => {
    powerOff();
    return say('');
  },
  reboot: (_, { reboot }) => {
    reboot();
    return say('');
  },
};

/** Runs a shell line: a few real-looking programs, joined by `&&` or `;`, with `sudo` before them. Others are not found (127). */
export async function runLine(line: string, inside: Inside, input = ''): Promise<Output> {
  let last: Output = say('');
  let [stdout, stderr] = ['', ''];
  for (const piece of line.split(/(&&|\|\||;|\n)/).map((part) => part.trim())) {
    if (piece === '&&' && last.code !== 0) break;
    if (piece === '||' && last.code === 0) break;
    if (piece === '' || piece === '&&' || piece === '||' || piece === ';') continue;
    const leave = /^exit(?:\s+(\d+))?$/.exec(piece);
    if (leave) return { stdout, stderr, code: Number(leave[1] ?? last.code) };
    last = await runWords(words(piece), inside, input);
    if (/>&2$/.test(piece)) last = { ...last, stdout: '', stderr: last.stdout + last.stderr };
    stdout += last.stdout;
    stderr += last.stderr;
  }
  return { stdout, stderr, code: last.code };
}

/** Runs one program with its arguments, as the guest agent does. */
export async function runWords(argv: readonly string[], inside: Inside, input = ''): Promise<Output> {
  const [path = '', ...args] = argv.filter((word) => !/^\d?>/.test(word));
  const name = path.replace(/^.*\//, '');
  if (name === 'sudo')
    return runWords(
      args.filter((word, at) => at > 0 || !word.startsWith('-')),
      { ...inside, user: 'root' },
      input,
    );
  if ((name === 'sh' || name === 'bash') && args[0] === '-c') return runLine(args[1] ?? '', inside, input);
  const program = programs[name];
  return program ? program(args, inside, input) : fail(`bash: line 1: ${path}: command not found\n`, 127);
}

export function knows(path: string): boolean {
  const name = path.replace(/^.*\//, '');
  return name === 'sh' || name === 'bash' || name === 'sudo' || programs[name] !== undefined;
}

function readFiles(args: readonly string[], inside: Inside, input: string): Output {
  if (args.length === 0) return say(input);
  let stdout = '';
  for (const path of args) {
    const content = fileIn(path, inside);
    if (content === undefined) return { stdout, stderr: `cat: ${path}: No such file or directory\n`, code: 1 };
    stdout += content;
  }
  return say(stdout);
}

function grep(args: readonly string[], inside: Inside): Output {
  const [pattern = '', path = ''] = args.filter((word) => !word.startsWith('-'));
  const extended = args.some((word) => /^-\w*E/.test(word)) ? new RegExp(pattern) : undefined;
  const fits = (line: string) => (extended ? extended.test(line) : line.includes(pattern));
  const found = (fileIn(path, inside) ?? '').split('\n').filter(fits);
  return found.length > 0 ? say(`${found.join('\n')}\n`) : fail('', 1);
}

function fileIn(path: string, inside: Inside): string | undefined {
  if (path === '/proc/meminfo') return `MemTotal:       ${Math.floor((inside.memory / 1024) * 0.96)} kB\n`;
  if (path === '/etc/hostname') return `${inside.system.hostname}\n`;
  return inside.system.files[path];
}

function words(line: string): string[] {
  const found = line.match(/"[^"]*"|'[^']*'|[^\s"']+/g) ?? [];
  return found.map((word) => word.replace(/^(["'])(.*)\1$/s, '$2'));
}
