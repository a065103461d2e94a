import { connect, createServer, type Socket } from 'node:net';

/** A TCP connection that can be cut: what is behind it hears nothing any more of who is before it, and the other way round. */
export interface Cable {
  /** The same address through the cable. */
  readonly url: string;
  readonly port: number;
  readonly isCut: boolean;
  /** For good: connections end, new ones are refused. */
  cut(): void;
  /** Connections end; new ones get through. */
  reset(): void;
  /** Nothing gets through in either direction until {@link resume}; what was sent meanwhile arrives then. */
  pause(): void;
  resume(): void;
  /** What is sent still arrives; with the next answer that comes the connections end, and nobody hears it. Later connections are well. */
  loseAnswer(): void;
  /** Each piece takes so much longer, ms; 0 ends it. */
  delay(ms: number): void;
  close(): Promise<void>;
}

interface Link {
  readonly near: Socket;
  readonly far: Socket;
  deaf: boolean;
}

/** A cable to the host and port of `url`, on loopback. */
export async function openCable(url: string): Promise<Cable> {
  const target = new URL(url);
  const links = new Set<Link>();
  let isCut = false;
  let isPaused = false;
  let delayMs = 0;

  function pass(link: Link, chunk: Buffer, to: Socket): void {
    if (link.deaf && to === link.near) end(link);
    else if (delayMs === 0) to.write(chunk);
    else setTimeout(() => to.writable && to.write(chunk), delayMs).unref();
  }

  function end(link: Link): void {
    links.delete(link);
    link.near.destroy();
    link.far.destroy();
  }

  const server = createServer((near) => {
    if (isCut) return near.destroy();
    const far = connect(Number(target.port), target.hostname);
    const link: Link = { near, far, deaf: false };
    links.add(link);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.setNoDelay(true);
      one.on('data', (chunk: Buffer) => pass(link, chunk, other));
      one.on('end', () => other.end());
      one.on('error', () => end(link));
      one.on('close', () => end(link));
      if (isPaused) one.pause();
    }
    return undefined;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port.');
  const sockets = () => [...links].flatMap(({ near, far }) => [near, far]);
  const reset = () => {
    for (const link of links) end(link);
  };
  const cut = () => {
    isCut = true;
    reset();
  };
  return {
    url: `${target.protocol}//127.0.0.1:${address.port}`,
    port: address.port,
    get isCut() {
      return isCut;
    },
    cut,
    reset,
    pause() {
      isPaused = true;
      for (const socket of sockets()) socket.pause();
    },
    resume() {
      isPaused = false;
      for (const socket of sockets()) socket.resume();
    },
    loseAnswer() {
      for (const link of links) link.deaf = true;
    },
    delay(ms) {
      delayMs = ms;
    },
    async close() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
