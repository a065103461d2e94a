import type { RemoteError } from '#base/errors.ts';
import type { RunCommand } from '#guest/ready.ts';
import type { World } from '#jobs/engine/world.ts';
import type { Machine } from './power.ts';
import { hopeless } from './watch.ts';

/** So many of the log's last lines are told. */
const mostLines = 8;

/** What cloud-init's log says went wrong. */
const troubles = 'grep -hE "WARNING|ERROR|CRITICAL|Traceback" /var/log/cloud-init.log';

export type CloudInit =
  | { readonly state: 'done' | 'not there' | 'at work' }
  | { readonly state: 'failed' | 'done with errors'; readonly lines: readonly string[] };

/** How cloud-init went on a machine and, when it did not go well, what its log says. */
export async function askCloudInit(run: RunCommand): Promise<CloudInit> {
  const { code, stdout } = await run('cloud-init status --long');
  // What shells answer for what is not there.
  if (code === 127) return { state: 'not there' };
  const status = /^status: (.*)$/m.exec(stdout)?.[1];
  if (status === 'running' || status === 'not started' || status === 'not run') return { state: 'at work' };
  // Since 23.4 it answers 2 when it has gone on in spite of an error.
  if (status !== 'error' && code !== 2) return { state: 'done' };
  const log = await run(`sudo -n ${troubles} || ${troubles}`);
  const lines = log.stdout.trim().split('\n').slice(-mostLines);
  const told = lines.filter((line) => line !== '').map((line) => line.slice(0, 300));
  return { state: status === 'error' ? 'failed' : 'done with errors', lines: told };
}

/** The error of a machine that was not set up as it was told to be; what cloud-init logged goes into the run's log. */
export function cloudInitFailed(
  world: World,
  vm: Machine,
  { lines }: { readonly lines: readonly string[] },
): RemoteError {
  for (const line of lines) world.log(line);
  const last = lines.at(-1);
  return hopeless(
    world,
    `cloud-init failed on ${vm.name} (VM ${vm.vmid})${last === undefined ? '' : `: ${last}`}`,
    'Try once more with --keep and read /var/log/cloud-init.log there.',
  );
}

/** Sentences for the card of a machine that can be used all the same. */
export function cloudInitNotes(cloudInit: CloudInit): string[] {
  if (cloudInit.state === 'at work') return ['cloud-init is still at work there.'];
  if (cloudInit.state !== 'done with errors') return [];
  return [`cloud-init went on in spite of errors: ${cloudInit.lines.join(' · ') || 'see its log'}`];
}
