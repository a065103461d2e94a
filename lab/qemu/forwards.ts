import { connect, createServer, type Socket } from 'node:net';

/** TCP from loopback to machines on the segment. */
export interface Forwards {
  /** A connection as the gateway makes it. The gateway accepts before the machine does: a closed port ends the stream at once. */
  connect(address: string, port: number): Promise<Socket>;
}

interface Forward {
  readonly loopbackPort: number;
  users: number;
  closing: NodeJS.Timeout | undefined;
}

const idleMs = 60_000;

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
      return await connected(socket);
    },
  };

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

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
