import { existsSync } from 'node:fs';
import type { Engine } from '../engine.ts';
import { askAgent } from './agent.ts';
import { readConsole } from './console-log.ts';
import { machinePlaces, type Places } from './places.ts';
import type { Power } from './power.ts';

export type Guests = Pick<Engine, 'agent' | 'shutdown' | 'consoleLog'>;

const pingLimitMs = 3000;

/** What is asked of the system inside a machine. */
export function guests(places: Places, power: Power): Guests {
  const queues = new Map<number, Promise<unknown>>();
  return {
    agent,
    consoleLog: (vmid) => readConsole(machinePlaces(places, vmid).console),

    async shutdown(vmid, timeoutMs) {
      const machine = power.machines.get(vmid);
      if (!machine) return;
      if (await hears(vmid, timeoutMs)) {
        // The agent has no answer to a shutdown; that it happened is seen by the power.
        agent(vmid, 'guest-shutdown', { mode: 'powerdown' }, pingLimitMs).catch(() => undefined);
      } else await machine.qmp.execute('system_powerdown');
      if (!(await power.isOffWithin(vmid, timeoutMs))) throw new Error('VM quit/powerdown failed - got timeout');
    },
  };

  /** The agent's channel carries one conversation at a time. */
  function agent(vmid: number, command: string, args: Record<string, unknown>, timeoutMs: number): Promise<unknown> {
    const before = queues.get(vmid) ?? Promise.resolve();
    const turn = before.then(() => {
      if (!power.machines.has(vmid)) throw new Error(`VM ${vmid} is not running`);
      return askAgent(machinePlaces(places, vmid).agent, command, args, timeoutMs);
    });
    queues.set(
      vmid,
      turn.catch(() => undefined), // told to whoever asked
    );
    return turn;
  }

  async function hears(vmid: number, timeoutMs: number): Promise<boolean> {
    if (!existsSync(machinePlaces(places, vmid).agent)) return false;
    return await agent(vmid, 'guest-ping', {}, Math.min(pingLimitMs, timeoutMs)).then(
      () => true,
      () => false,
    );
  }
}
