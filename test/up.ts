import { spawn } from 'node:child_process';
import { resolve } from 'node:path';

export const entry = resolve(import.meta.dirname, '..', 'bot', 'main.ts');

/** `up --sim` as a process of its own, ready when this resolves. */
export async function startUp(stateDir: string) {
  const args = [entry, 'up', '--sim', '--state', stateDir, '--port', '0'];
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
