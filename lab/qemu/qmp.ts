import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

/** A connection to QEMU's machine protocol; it closes when the process ends, however that comes about. */
export interface Qmp {
  /** One command; rejects with QEMU's own words, or when the process goes away before it answers. */
  execute(command: string, args?: Record<string, unknown>): Promise<unknown>;
  /** Resolves when QEMU is gone, or the connection was closed from this side. */
  readonly closed: Promise<void>;
  onEvent(listener: (event: string) => void): void;
  /** Lets go of the process without touching it. */
  release(): void;
}

interface Answer {
  readonly id?: number;
  readonly return?: unknown;
  readonly error?: { readonly desc: string };
  readonly event?: string;
}

/** Connects and leaves negotiation mode. Rejects after `timeoutMs` (another client holds the socket, or QEMU hangs). */
export async function openQmp(path: string, timeoutMs = 10_000): Promise<Qmp> {
  const socket = connect(path);
  const qmp = speakQmp(socket);
  const timer = setTimeout(() => socket.destroy(new Error(`QEMU did not answer on ${path}`)), timeoutMs);
  try {
    await qmp.execute('qmp_capabilities');
    return qmp;
  } finally {
    clearTimeout(timer);
  }
}

function speakQmp(socket: Socket): Qmp {
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  const listeners: ((event: string) => void)[] = [];
  let lastId = 0;
  let failure: Error | undefined;

  const lines = createInterface({ input: socket });
  // The reader hands on the socket's errors, which `close` deals with.
  lines.on('error', () => undefined);
  lines.on('line', (line) => {
    const answer: Answer = JSON.parse(line);
    if (answer.event !== undefined) {
      for (const listener of listeners) listener(answer.event);
      return;
    }
    const caller = waiting.get(answer.id ?? 0);
    waiting.delete(answer.id ?? 0);
    if (answer.error) caller?.reject(new Error(answer.error.desc));
    else caller?.resolve(answer.return);
  });
  socket.on('error', (error) => {
    failure = error;
  });
  const closed = new Promise<void>((resolve) => {
    socket.on('close', () => {
      for (const caller of waiting.values()) caller.reject(failure ?? new Error('QEMU exited'));
      waiting.clear();
      resolve();
    });
  });

  return {
    closed,
    execute: (command, args) =>
      new Promise((resolve, reject) => {
        if (socket.destroyed) return reject(failure ?? new Error('QEMU exited'));
        const id = ++lastId;
        waiting.set(id, { resolve, reject });
        socket.write(`${JSON.stringify({ execute: command, arguments: args ?? {}, id })}\n`);
      }),
    onEvent: (listener) => listeners.push(listener),
    release: () => socket.destroy(),
  };
}
