import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { schemaFiles } from '#lab/schema-for-tests.ts';
import { violationsOf } from './violations.ts';

export const entry = resolve(import.meta.dirname, '..', 'bot', 'main.ts');

interface Written {
  readonly clusters: readonly [
    { readonly hosts: readonly [string]; readonly tls: { readonly fingerprints: readonly [string] } },
  ];
}

/** `up --sim` (and what else is given) as a process of its own, ready when this resolves. */
export async function startUp(stateDir: string, more: readonly string[] = []) {
  const schema = schemaFiles['9.2'];
  const described = schema === undefined ? [] : ['--lab-schema', schema];
  const args = [entry, 'up', '--sim', '--state', stateDir, '--port', '0', ...described, ...more];
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
  return {
    child,
    exited,
    url,
    said: () => said,
    /** What did not fit Proxmox's description of its API, up to now. */
    violations() {
      const { clusters } = parse(readFileSync(join(stateDir, 'lab-config.yaml'), 'utf8')) as Written;
      const [{ hosts, tls }] = clusters;
      return violationsOf({ url: hosts[0], fingerprint: tls.fingerprints[0] });
    },
  };
}

/** Where the emulated platforms are, by what `up --chat` said. */
export function chatPages(said: string): { slack: string; discord: string } {
  const [slack, discord] = ['Slack', 'Discord'].map((name) => new RegExp(`emulated ${name}: +(\\S+)`).exec(said)?.[1]);
  if (slack && discord) return { slack, discord };
  throw new Error(`no pages of Slack and Discord in:\n${said}`);
}
