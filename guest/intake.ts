import type { Duplex } from 'node:stream';
import { spellBytes } from '#base/amounts.ts';
import { type Host, SshError } from './failure.ts';

/** What comes in on one connection, and how much of it may. */
export interface Intake {
  /** Why the connection was cut, when it was for what it sent. */
  readonly flood: SshError | undefined;
  /** A command may print so much, and is given so much to read: the connection may carry that much more. */
  allow(printedBytes: number, stdinBytes: number): void;
}

export interface IntakeEvents {
  /** It has said that it speaks SSH. */
  onGreeting(): void;
  /** It sent more than it may: nobody reads on. */
  onFlood(error: SshError): void;
}

/** sshd says who it is in less than 256 bytes, and nothing before that. */
const mostGreeting = 16 * 1024;
/** Key exchange, host key and the login itself take some KiB. */
const mostBeforeLogin = 256 * 1024;
/** For answers, new keys and signs of life, each time that something is asked for. */
const overhead = 1024 * 1024;
/** A packet that carries a few bytes is some times as long. */
const packets = 4;
/** So much of what we answer may wait for a machine that does not read. */
const mostUnread = 1024 * 1024;

/**
 * Counts what a machine sends, whatever it is: ssh2 bounds one packet (35 kB) and the lines before
 * the greeting (8 MiB), but neither their number nor its own answers to them.
 */
export function watchIntake(host: Host, socket: Duplex, { onGreeting, onFlood }: IntakeEvents): Intake {
  let [received, mayReceive, mayWait] = [0, mostBeforeLogin, mostUnread];
  let head: string | undefined = '';
  let flood: SshError | undefined;
  socket.on('data', (chunk: Buffer) => {
    received += chunk.length;
    if (head !== undefined) readGreeting(chunk);
    if (received > mayReceive) stop(`it sent more than ${spellBytes(mayReceive)}, and nobody reads on`);
    if (socket.writableLength > mayWait) stop('it asks and asks, and reads none of the answers');
  });
  return {
    get flood() {
      return flood;
    },
    allow(printedBytes, stdinBytes) {
      mayReceive += packets * printedBytes + overhead;
      mayWait += stdinBytes;
    },
  };

  function readGreeting(chunk: Buffer): void {
    head += chunk.toString('latin1', 0, mostGreeting + 1);
    if (/(?:^|\n)SSH-[^\n]*\n/.test(head ?? '')) {
      head = undefined;
      onGreeting();
    } else if ((head ?? '').length > mostGreeting) {
      stop(`port ${host.port} sent more than ${spellBytes(mostGreeting)} and did not say that it speaks SSH`);
    }
  }

  function stop(words: string): void {
    if (flood) return;
    flood = new SshError(host, 'flood', words);
    onFlood(flood);
  }
}

/** The same for a machine behind a jump host, whose connection carries all of it too. */
export function through(outer: Intake, inner: Intake): Intake {
  return {
    get flood() {
      return inner.flood ?? outer.flood;
    },
    allow(printedBytes, stdinBytes) {
      inner.allow(printedBytes, stdinBytes);
      outer.allow(packets * printedBytes + overhead, stdinBytes);
    },
  };
}
