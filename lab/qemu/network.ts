import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Forwards } from './forwards.ts';
import { startGateway } from './gateway.ts';
import type { Places } from './places.ts';
import { endProcess, findProcess } from './process.ts';

/** The lab's segment: a switch that machines plug into, and a way in from loopback. */
export interface Network {
  /** The switch's socket, for QEMU's `stream` cards. */
  readonly socket: string;
  /** Whether the switch was already there, and with it the machines' cards. */
  readonly found: boolean;
  readonly forwards: Forwards;
  stop(): Promise<void>;
  /** Lets go of it without stopping it. */
  release(): void;
}

const startLimitMs = 10_000;

/** Finds the segment of an earlier run or starts it. The gateway is always started anew: its connections died with that run. */
export async function startNetwork(places: Places): Promise<Network> {
  const socket = join(places.sockets, 'switch');
  const pidFile = join(places.network, 'switch.pid');
  const found = findProcess(pidFile) !== undefined;
  if (!found) await startSwitch(places, socket, pidFile);
  const gateway = await startGateway(places, socket);
  return {
    socket,
    found,
    forwards: gateway.forwards,
    release: gateway.release,
    async stop() {
      await gateway.stop();
      await endProcess(pidFile);
    },
  };
}

async function startSwitch(places: Places, socket: string, pidFile: string): Promise<void> {
  const log = openSync(join(places.network, 'switch.log'), 'w');
  const program = join(import.meta.dirname, 'network', 'main.ts');
  const args = [program, socket, join(places.network, 'leases.json'), pidFile];
  const child = spawn(process.execPath, args, { detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  child.unref();
  for (const deadline = Date.now() + startLimitMs; !(await answers(socket, pidFile)); await sleep(50)) {
    if (Date.now() > deadline || child.exitCode !== null) {
      throw new Error(`The lab's switch did not start; see ${join(places.network, 'switch.log')}.`);
    }
  }
}

function answers(socket: string, pidFile: string): Promise<boolean> {
  if (!findProcess(pidFile)) return Promise.resolve(false);
  return new Promise((resolve) => {
    const probe = connect(socket, () => {
      probe.destroy();
      resolve(true);
    });
    probe.on('error', () => resolve(false));
  });
}
