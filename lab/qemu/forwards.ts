import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** TCP from loopback to machines on the segment. */
export interface Forwards {
  /**
   * A connection to a machine, once that has accepted it. Rejects as on a host of the segment: `ECONNREFUSED` for a
   * closed port, `EHOSTUNREACH` after some seconds where no machine is.
   */
  connect(address: string, port: number): Promise<Socket>;
}

interface Forward {
  readonly loopbackPort: number;
  users: number;
  closing: NodeJS.Timeout | undefined;
}

const idleMs = 60_000;
/** How long a machine may take to accept, and how often its acceptance is looked for, ms. */
const absentMs = 5_000;
const lookMs = 20;

/** Keeps a loopback port per address and port as long as it is used. `monitor` runs a line in the gateway's QEMU monitor. */
export function loopbackForwards(monitor: (line: string) => Promise<string>): Forwards {
  const forwards = new Map<string, Promise<Forward>>();

  return {
    async connect(address, port) {
      const target = `${address}:${port}`;
      if (!/^\d+\.\d+\.\d+\.\d+:\d+$/.test(target)) throw new Error(`${target} is not an address on the lab's segment`);
      const opening = forwards.get(target) ?? open(target);
      forwards.set(target, opening);
      const forward = await opening;
      forward.users += 1;
      clearTimeout(forward.closing);
      const socket = connect({ host: '127.0.0.1', port: forward.loopbackPort, noDelay: true });
      socket.on('close', () => release(target, forward));
      return await accepted(await connected(socket), target);
    },
  };

  /** The gateway accepts before the machine does; its own list of connections tells what became of that. */
  async function accepted(socket: Socket, target: string): Promise<Socket> {
    const [address = '', port = ''] = target.split(':');
    const established = new RegExp(`TCP\\[ESTABLISHED\\].* ${address.replaceAll('.', '\\.')} +${port} `);
    const heard = firstSign(socket);
    for (const deadline = performance.now() + absentMs; performance.now() < deadline; ) {
      const sign = await Promise.race([heard, sleep(lookMs)]);
      if (sign === 'data') return socket;
      if (sign === 'end') throw refusal(socket, 'ECONNREFUSED', target);
      if (established.test(await monitor('info usernet'))) return socket;
    }
    throw refusal(socket, 'EHOSTUNREACH', target);
  }

  async function open(target: string): Promise<Forward> {
    try {
      const loopbackPort = await freePort();
      const complaint = await monitor(`hostfwd_add user tcp:127.0.0.1:${loopbackPort}-${target}`);
      if (complaint !== '') throw new Error(complaint);
      return { loopbackPort, users: 0, closing: undefined };
    } catch (error) {
      forwards.delete(target);
      throw error;
    }
  }

  function release(target: string, forward: Forward): void {
    forward.users -= 1;
    if (forward.users > 0) return;
    forward.closing = setTimeout(() => {
      forwards.delete(target);
      // The gateway may be gone by now, and its ports with it.
      monitor(`hostfwd_remove user tcp:127.0.0.1:${forward.loopbackPort}`).catch(() => undefined);
    }, idleMs).unref();
  }
}

function connected(socket: Socket): Promise<Socket> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      resolve(socket);
    });
  });
}

/** Whether bytes came first, or the end; what came stays in the stream. */
function firstSign(socket: Socket): Promise<'data' | 'end'> {
  return new Promise((resolve) => {
    socket.once('readable', () => resolve(socket.readableLength > 0 ? 'data' : 'end'));
    socket.once('close', () => resolve('end'));
  });
}

function refusal(socket: Socket, code: string, target: string): Error {
  socket.destroy();
  return Object.assign(new Error(`connect ${code} ${target}`), { code });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
