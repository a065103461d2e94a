import { spawn } from 'node:child_process';
import { resolve } from 'node:path';

export const entry = resolve(import.meta.dirname, '..', 'bot', 'main.ts');

/** `up --sim` (and what else is given) as a process of its own, ready when this resolves. */
export async function startUp(stateDir: string, more: readonly string[] = []) {
  const args = [entry, 'up', '--sim', '--state', stateDir, '--port', '0', ...more];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = new Promise<number | null>((done) => child.once('exit', done));
  let said = '';
  const url = await new Promise<string>((done, failed) => {
    const hear = (text: Buffer) => {
      said += text;
      const found = /Botswain is up after .*: +(\S+)/.exec(said)?.[1];
      if (found) done(found);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    void exited.then((code) => failed(new Error(`it ended with ${code}: ${said}`)));
  });
  return { child, exited, url, said: () => said };
}

/** Where the emulated platforms are, by what `up --chat` said. */
export function chatPages(said: string): { slack: string; discord: string } {
  const [slack, discord] = ['Slack', 'Discord'].map((name) => new RegExp(`emulated ${name}: +(\\S+)`).exec(said)?.[1]);
  if (slack && discord) return { slack, discord };
  throw new Error(`no pages of Slack and Discord in:\n${said}`);
}
