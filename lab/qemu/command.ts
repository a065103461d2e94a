import { spawn } from 'node:child_process';

export interface CommandOptions {
  readonly signal?: AbortSignal;
  readonly input?: string;
  readonly cwd?: string;
  /** Both outputs as they come, not cut into lines. */
  onOutput?(text: string): void;
}

/**
 * Runs a program and answers its standard output. A failure carries what the program itself said,
 * because that ends up in a task's exit status.
 */
export function runCommand(program: string, args: readonly string[], options: CommandOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      cwd: options.cwd,
      signal: options.signal,
      killSignal: 'SIGKILL',
    });
    let output = '';
    let complaints = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      options.onOutput?.(text);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaints = (complaints + text).slice(-4000);
      options.onOutput?.(text);
    });
    // A program that ends without reading its input is told apart by its exit code, not by the broken pipe.
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
    child.on('error', (error) => {
      const missing = 'code' in error && error.code === 'ENOENT';
      reject(missing ? new Error(`${program} is not installed.`, { cause: error }) : error);
    });
    child.on('close', (code, signal) => {
      if (code === 0) return resolve(output);
      const how = code === null ? `was killed by ${signal}` : `exited with code ${code}`;
      reject(new Error([complaints.trim(), `${program} ${how}`].filter(Boolean).join('\n')));
    });
  });
}
