import { join } from 'node:path';
import { segment } from '../engine.ts';
import { runCommand } from './command.ts';
import { type Forwards, loopbackForwards } from './forwards.ts';
import { optionValue } from './option-value.ts';
import type { Places } from './places.ts';
import { endProcess } from './process.ts';
import { openQmp } from './qmp.ts';

/** The segment's 10.77.0.1: a QEMU without a machine, whose user-mode network is a host on the segment. */
export interface Gateway {
  readonly forwards: Forwards;
  stop(): Promise<void>;
  release(): void;
}

/** The user network wants a name server apart from its own address; ours answers before it (`network/segment.ts`). */
const unusedNameServer = '10.77.0.2';

export async function startGateway(places: Places, switchSocket: string): Promise<Gateway> {
  const pidFile = join(places.network, 'gateway.pid');
  const socket = join(places.sockets, 'gateway.qmp');
  await endProcess(pidFile);
  const address = `net=${segment.cidr},host=${segment.gateway},dns=${unusedNameServer},restrict=on,ipv6=off`;
  await runCommand('qemu-system-x86_64', [
    ...['-machine', 'none', '-nodefaults', '-no-user-config', '-display', 'none'],
    ...['-daemonize', '-pidfile', pidFile, '-qmp', `unix:${optionValue(socket)},server=on,wait=off`],
    ...['-netdev', `user,id=user,${address}`, '-netdev', 'hubport,id=inside,hubid=0,netdev=user'],
    ...['-netdev', `stream,id=wire,server=off,addr.type=unix,addr.path=${optionValue(switchSocket)}`],
    ...['-netdev', 'hubport,id=outside,hubid=0,netdev=wire'],
  ]);
  const qmp = await openQmp(socket);
  return {
    forwards: loopbackForwards(async (line) =>
      String(await qmp.execute('human-monitor-command', { 'command-line': line })).trim(),
    ),
    release: qmp.release,
    async stop() {
      qmp.release();
      await endProcess(pidFile);
    },
  };
}
