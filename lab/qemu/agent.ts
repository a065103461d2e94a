import { randomInt } from 'node:crypto';
import { connect } from 'node:net';

const fence = 0xff;

/**
 * One guest-agent command over the machine's virtio-serial socket. The channel knows no connections, so answers to older
 * callers may come first: `guest-sync-delimited` with a number of our own says where ours begin.
 * Rejects with `QEMU guest agent is not running` when nobody answers within `timeoutMs`.
 */
export function askAgent(
  path: string,
  command: string,
  args: Record<string, unknown>,
  timeoutMs: number,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    const sync = randomInt(1, 2 ** 31);
    let synced = false;
    let received: Buffer = Buffer.alloc(0);

    const timer = setTimeout(() => finish(() => reject(silence())), timeoutMs);
    socket.on('error', (error) => finish(() => reject(new Error(silence().message, { cause: error }))));
    socket.on('close', () => finish(() => reject(silence())));
    socket.write(Buffer.of(fence));
    say('guest-sync-delimited', { id: sync });

    socket.on('data', (bytes: Buffer) => {
      received = Buffer.concat([received, bytes]);
      for (let end = received.indexOf('\n'); end >= 0; end = received.indexOf('\n')) {
        const line = received.subarray(received.lastIndexOf(fence, end) + 1, end).toString();
        received = received.subarray(end + 1);
        if (line.trim() !== '') hear(JSON.parse(line));
      }
    });

    function hear(answer: { readonly return?: unknown; readonly error?: { readonly desc: string } }): void {
      if (synced) finish(() => (answer.error ? reject(new Error(answer.error.desc)) : resolve(answer.return)));
      if (synced || answer.return !== sync) return;
      synced = true;
      say(command, args);
    }

    function say(execute: string, parameters: Record<string, unknown>): void {
      socket.write(`${JSON.stringify({ execute, arguments: parameters })}\n`);
    }

    function finish(settle: () => void): void {
      clearTimeout(timer);
      socket.destroy();
      settle();
    }
  });
}

function silence(): Error {
  return new Error('QEMU guest agent is not running');
}
