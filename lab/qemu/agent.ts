import { randomInt } from 'node:crypto';
import { connect, type Socket } from 'node:net';

const fence = 0xff;

/** The way to one machine's guest agent. One question at a time: the channel knows no conversations. */
export interface Agent {
  /** One guest-agent command. Rejects with `QEMU guest agent is not running` when nobody answers within `timeoutMs`. */
  ask(command: string, args: Record<string, unknown>, timeoutMs: number): Promise<unknown>;
  close(): void;
}

type Hear = (answer: Answer) => void;
type Answer = { readonly return?: unknown; readonly error?: { readonly desc: string } };

/**
 * Opens the machine's virtio-serial socket and keeps it open: an answer that comes after its connection was closed would be the first thing that the next
 * one hears. Answers to older questions may come first all the same; `guest-sync-delimited` with a number of our own says where ours begin.
 */
export function openAgent(path: string): Agent {
  let line: { readonly socket: Socket; hear: Hear; lost: () => void } | undefined;

  function open(): NonNullable<typeof line> {
    const socket = connect(path);
    const opened = { socket, hear: (() => {}) as Hear, lost: () => {} };
    socket.on('error', () => {}); // `close` follows, and says the same
    socket.on('close', () => {
      if (line === opened) line = undefined;
      opened.lost();
    });
    readLines(socket, (text) => {
      const answer = parsed(text);
      if (answer) opened.hear(answer);
    });
    return opened;
  }

  return {
    ask(command, args, timeoutMs) {
      return new Promise((resolve, reject) => {
        line ??= open();
        const mine = line;
        const sync = randomInt(1, 2 ** 31);
        let synced = false;
        const timer = setTimeout(() => finish(() => reject(silence())), timeoutMs);
        mine.lost = () => finish(() => reject(silence()));
        mine.hear = (answer) => {
          if (synced) finish(() => (answer.error ? reject(new Error(answer.error.desc)) : resolve(answer.return)));
          if (synced || answer.return !== sync) return;
          synced = true;
          say(command, args);
        };
        mine.socket.write(Buffer.of(fence));
        say('guest-sync-delimited', { id: sync });

        function say(execute: string, parameters: Record<string, unknown>): void {
          mine.socket.write(`${JSON.stringify({ execute, arguments: parameters })}\n`);
        }
        function finish(settle: () => void): void {
          clearTimeout(timer);
          mine.hear = () => {};
          mine.lost = () => {};
          settle();
        }
      });
    },
    close: () => line?.socket.destroy(),
  };
}

/** Calls back with each line; what stands before a fence in it belongs to an answer that was broken off. */
function readLines(socket: Socket, hear: (line: string) => void): void {
  let received: Buffer = Buffer.alloc(0);
  socket.on('data', (bytes: Buffer) => {
    received = Buffer.concat([received, bytes]);
    for (let end = received.indexOf('\n'); end >= 0; end = received.indexOf('\n')) {
      const text = received.subarray(received.lastIndexOf(fence, end) + 1, end).toString();
      received = received.subarray(end + 1);
      if (text.trim() !== '') hear(text);
    }
  });
}

function parsed(text: string): Answer | undefined {
  try {
    return JSON.parse(text);
  } catch {
    // The rest of an answer to somebody who hung up: nobody waits for it.
    return undefined;
  }
}

function silence(): Error {
  return new Error('QEMU guest agent is not running');
}
