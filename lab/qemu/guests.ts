import { existsSync } from 'node:fs';
import type { Engine } from '../engine.ts';
import { type Agent, openAgent } from './agent.ts';
import { readConsole } from './console-log.ts';
import { machinePlaces, type Places } from './places.ts';
import type { Power } from './power.ts';

export type Guests = Pick<Engine, 'agent' | 'shutdown' | 'sendKey' | 'consoleLog'> & {
  /** Closes the ways to all agents. */
  leave(): void;
};

const pingLimitMs = 3000;

/** What is asked of the system inside a machine. */
export function guests(places: Places, power: Power): Guests {
  const queues = new Map<number, Promise<unknown>>();
  const agents = new Map<number, Agent>();
  power.onPowerOff(hangUp);
  return {
    agent,
    leave: () => [...agents.keys()].forEach(hangUp),
    consoleLog: (vmid) => readConsole(machinePlaces(places, vmid).console),

    async sendKey(vmid, keys) {
      const qmp = power.machines.get(vmid)?.qmp;
      if (!qmp) throw new Error(`VM ${vmid} not running`);
      const said = await qmp.execute('human-monitor-command', { 'command-line': `sendkey ${keys}` });
      if (said !== '') throw new Error(String(said).replaceAll('\r\n', '\n'));
    },

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
      return agentOf(vmid).ask(command, args, timeoutMs);
    });
    queues.set(
      vmid,
      turn.catch(() => undefined), // told to whoever asked
    );
    return turn;
  }

  function agentOf(vmid: number): Agent {
    const known = agents.get(vmid);
    if (known) return known;
    const opened = openAgent(machinePlaces(places, vmid).agent);
    agents.set(vmid, opened);
    return opened;
  }

  function hangUp(vmid: number): void {
    agents.get(vmid)?.close();
    agents.delete(vmid);
  }

  async function hears(vmid: number, timeoutMs: number): Promise<boolean> {
    if (!existsSync(machinePlaces(places, vmid).agent)) return false;
    return await agent(vmid, 'guest-ping', {}, Math.min(pingLimitMs, timeoutMs)).then(
      () => true,
      () => false,
    );
  }
}
