import { connect, createServer, type Socket } from 'node:net';

/** A TCP connection that can be cut: what is behind it hears nothing any more of who is before it, and the other way round. */
export interface Cable {
  /** The same address through the cable. */
  readonly url: string;
  readonly isCut: boolean;
  /** For good: connections end, new ones are refused. */
  cut(): void;
  close(): Promise<void>;
}

/** A cable to the host and port of `url`, on loopback. */
export async function openCable(url: string): Promise<Cable> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((near) => {
    if (isCut) return near.destroy();
    const far = connect(Number(target.port), target.hostname);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.setNoDelay(true);
      one.pipe(other);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    }
    return undefined;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port.');
  const cut = () => {
    isCut = true;
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `${target.protocol}//127.0.0.1:${address.port}`,
    get isCut() {
      return isCut;
    },
    cut,
    async close() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
