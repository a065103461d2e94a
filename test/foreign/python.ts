import { spawn, spawnSync } from 'node:child_process';

const python = '/usr/bin/python3';

/** Why a test of this client can't run here; false when it can. `module` is what Python imports, `from` the Debian package. */
export function absent(module: string, from: string): string | false {
  return spawnSync(python, ['-c', `import ${module}`]).status !== 0 && `the Debian package ${from} is not installed`;
}

/** Runs Debian's own Python, or a program of its packages, and answers what it printed; its failure is an error with all its words. */
export async function runPython(
  args: readonly string[],
  options: { readonly env?: Readonly<Record<string, string>>; readonly input?: string; readonly cwd?: string } = {},
): Promise<string> {
  // Not this process' PATH, where other Pythons may stand in front.
  const env = { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8', ...options.env };
  const child = spawn(python, args, { env, ...(options.cwd === undefined ? {} : { cwd: options.cwd }) });
  const said: string[] = [];
  const printed: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (text: string) => said.push(text) && printed.push(text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => said.push(text));
  child.stdin.end(options.input);
  const code = await new Promise<number | null>((ended, failed) => child.on('close', ended).on('error', failed));
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}:\n${said.join('')}`);
  return printed.join('');
}
