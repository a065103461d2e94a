import { setTimeout as pause } from 'node:timers/promises';
import { filePrograms } from './file-commands.ts';
import { fullPath, modeOf, writeFile } from './files.ts';
import { fail, type Inside, type Output, type Program, say } from './program.ts';
import { assigned, type Redirect, readCommand, splitCommands } from './shell.ts';

const programs: Record<string, Program> = {
  ...filePrograms,
  true: () => say(''),
  sleep: async ([seconds = '0']) => {
    await pause(Number(seconds) * 1000, undefined, { ref: false });
    return say('');
  },
  false: () => fail('', 1),
  sync: () => say(''),
  echo: (args) => say(`${args.join(' ')}\n`),
  printf: ([form = '', ...values]) => say(printed(form, values)),
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

/**
 * Runs a line or a script of a shell: programs with quotes, variables, redirections and pipes, joined by `&&`, `||` and `;`.
 * There are no loops and conditions; what is no program is not found (127).
 */
export async function runLine(script: string, inside: Inside, input = '', leaveOnError = false): Promise<Output> {
  const variables = { ...inside.variables };
  const pieces = splitCommands(script);
  let [last, piped, stdout, stderr, skipping, strict] = [say(''), '', '', '', false, leaveOnError];
  for (const [at, { joint, text }] of pieces.entries()) {
    if (joint !== '|') skipping = (joint === '&&' && last.code !== 0) || (joint === '||' && last.code === 0);
    if (skipping) continue;
    const next = pieces[at + 1]?.joint;
    const command = readCommand(text, variables);
    const [name, ...args] = command.words;
    if (name === 'exit') return { stdout, stderr, code: Number(args[0] ?? last.code) };
    if (name === undefined) Object.assign(variables, command.variables);
    else if (name === 'export') Object.assign(variables, assigned(args));
    else if (name === 'set') strict = args.some((word) => /^-\w*e/.test(word)) || strict;
    else {
      const within = { ...inside, variables: { ...variables, ...command.variables } };
      const made = await runWords(command.words, within, joint === '|' ? piped : input);
      last = redirected(made, command.redirects, inside);
      if (next === '|') piped = last.stdout;
      else stdout += last.stdout;
      stderr += last.stderr;
    }
    if (strict && last.code !== 0 && next !== '&&' && next !== '||' && next !== '|') break;
  }
  return { stdout, stderr, code: last.code };
}

/** Puts what a command said where it was told to. */
function redirected(made: Output, redirects: readonly Redirect[], { system, user }: Inside): Output {
  let { stdout, stderr } = made;
  for (const { from, append, to } of redirects) {
    const text = from === 1 ? stdout : stderr;
    if (from === 1) stdout = '';
    else stderr = '';
    if (to === '&1') stdout += text;
    else if (to === '&2') stderr += text;
    else if (to !== '/dev/null') {
      const path = fullPath(to, user);
      writeFile(system, path, (append ? (system.files[path] ?? '') : '') + text);
    }
  }
  return { ...made, stdout, stderr };
}

/** Runs one program or script with its arguments, as the guest agent does. */
export async function runWords(argv: readonly string[], inside: Inside, input = ''): Promise<Output> {
  const [path = '', ...args] = argv;
  const name = path.replace(/^.*\//, '');
  if (name === 'sudo') return runAsRoot(args, inside, input);
  if (name === 'env') return runWords(args.slice(settings(args)), withVariables(args, inside), input);
  if (name === 'sh' || name === 'bash') return runShell(args, inside, input);
  if (path.includes('/') && inside.system.files[fullPath(path, inside.user)] !== undefined) {
    const isRunnable = (modeOf(inside.system, fullPath(path, inside.user)) & 0o111) !== 0;
    return isRunnable ? runScript(path, inside, input) : fail(`bash: line 1: ${path}: Permission denied\n`, 126);
  }
  const program = programs[name];
  return program ? program(args, inside, input) : fail(`bash: line 1: ${path}: command not found\n`, 127);
}

/** How many `NAME=value` words stand first. */
const settings = (args: readonly string[]): number => {
  const first = args.findIndex((word) => !/^\w+=/.test(word));
  return first < 0 ? args.length : first;
};
const withVariables = (args: readonly string[], inside: Inside): Inside => ({
  ...inside,
  variables: { ...inside.variables, ...assigned(args.slice(0, settings(args))) },
});

function runAsRoot(args: readonly string[], inside: Inside, input: string): Promise<Output> {
  let first = 0;
  while (args[first]?.startsWith('-')) first += /^-[ugp]$/.test(args[first] ?? '') ? 2 : 1;
  const rest = args.slice(first);
  return runWords(rest.slice(settings(rest)), { ...withVariables(rest, inside), user: 'root' }, input);
}

function runShell(args: readonly string[], inside: Inside, input: string): Promise<Output> | Output {
  const first = args.findIndex((word) => !/^-/.test(word));
  const flags = args.slice(0, first < 0 ? undefined : first).join('');
  const given = args[first];
  if (given === undefined) return runLine(input, inside);
  return flags.includes('c')
    ? runLine(given, inside, input, flags.includes('e'))
    : runScript(given, inside, input, flags);
}

/** A file's lines, by the guest's own shell and no other: nothing that a guest says is run on the host. */
function runScript(path: string, inside: Inside, input: string, flags = ''): Promise<Output> | Output {
  const text = inside.system.files[fullPath(path, inside.user)];
  if (text === undefined) return fail(`bash: ${path}: No such file or directory\n`, 127);
  const [, interpreter = '/bin/sh', options = ''] = /^#!\s*(\S+)[ \t]*(.*)/.exec(text) ?? [];
  if (!/\/(env|sh|bash|dash)$/.test(interpreter))
    return fail(`bash: line 1: ${path}: ${interpreter}: bad interpreter: No such file or directory\n`, 126);
  return runLine(text, inside, input, /-\w*e/.test(`${flags} ${options}`));
}

export function knows(path: string, { system }: Inside): boolean {
  const name = path.replace(/^.*\//, '');
  return /^(sh|bash|sudo|env)$/.test(name) || programs[name] !== undefined || system.files[path] !== undefined;
}

function printed(form: string, values: readonly string[]): string {
  const left = [...values];
  return form.replaceAll('\\n', '\n').replace(/%[sd%]/g, (mark) => (mark === '%%' ? '%' : (left.shift() ?? '')));
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

function grep(args: readonly string[], inside: Inside, input: string): Output {
  const [pattern = '', path = ''] = args.filter((word) => !word.startsWith('-'));
  const extended = args.some((word) => /^-\w*E/.test(word)) ? new RegExp(pattern) : undefined;
  const fits = (line: string) => (extended ? extended.test(line) : line.includes(pattern));
  const found = (path === '' ? input : (fileIn(path, inside) ?? '')).split('\n').filter(fits);
  return found.length > 0 ? say(`${found.join('\n')}\n`) : fail('', 1);
}

function fileIn(path: string, inside: Inside): string | undefined {
  if (path === '/proc/meminfo') return `MemTotal:       ${Math.floor((inside.memory / 1024) * 0.96)} kB\n`;
  if (path === '/etc/hostname') return `${inside.system.hostname}\n`;
  return inside.system.files[fullPath(path, inside.user)];
}
