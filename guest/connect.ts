import { connect as connectTcp } from 'node:net';
import type { Duplex } from 'node:stream';
import ssh2, { type Algorithms, type AnyAuthMethod, type Client as SshClient } from 'ssh2';
import { type Failed, type Host, loginFailure, lost, SshError, socketFailure, wayFailure } from './failure.ts';
import { type Intake, through, watchIntake } from './intake.ts';
import { fingerprintOf, keyTypeOf } from './keys.ts';
import { readPrivateKey } from './private-key.ts';
import type { Jump, ShellTarget } from './shell.ts';
import { within } from './within.ts';

const { Client } = ssh2;

/** How long each stage of getting in may take, in ms. */
export interface Patience {
  /** Until the port answers. */
  readonly connectMs: number;
  /** From then on, until it says that it speaks SSH. */
  readonly greetingMs: number;
  /** From then on, until it has let us in. */
  readonly loginMs: number;
}

/** A login. Both ways to end it may be called again. */
export interface Connection {
  readonly client: SshClient;
  readonly hostKey: string;
  /** `ssh-ed25519` … */
  readonly hostKeyType: string;
  readonly intake: Intake;
  /** Says good-bye; resolves when nothing is left, at the latest after half a second. Never rejects. */
  end(): Promise<void>;
  /** Ends it at once, without a word. */
  cut(): void;
}

/**
 * All of ssh2's but two, by which a machine could hold the whole process: a packet of 35 kB may unpack
 * to 35 MB, and a prime of the machine's own choice (8192 bits) is examined for a minute before it is taken.
 */
const algorithms: Algorithms = {
  compress: ['none'],
  kex: { remove: ['diffie-hellman-group-exchange-sha256'], append: [], prepend: [] },
};

/** Logs in, through the jump host when there is one. Rejects with an {@link SshError}, or with the signal's reason when it is aborted. */
export async function connect(target: ShellTarget, patience: Patience, signal: AbortSignal): Promise<Connection> {
  // A key that can't be read is found out before anybody is called.
  const auth = authMethod(target);
  const { stream, bastion } = await openPath(target, patience, signal);
  try {
    const connection = await login(stream, target, auth, patience, signal);
    if (!bastion) return connection;
    const intake = through(bastion.intake, connection.intake);
    return { ...connection, intake, end: () => connection.end().then(bastion.end), cut: bastion.cut };
  } catch (error) {
    bastion?.cut();
    throw error;
  }
}

/** A byte stream to the target's SSH port, and the login at its jump host that it goes through. */
export interface Path {
  readonly stream: Duplex;
  readonly bastion: Connection | undefined;
}

/** Opens the way that SSH goes, without a word to the target. Rejects as {@link connect} does. */
export async function openPath(
  { jump, ...target }: ShellTarget,
  patience: Patience,
  signal: AbortSignal,
): Promise<Path> {
  if (!jump) return { stream: await openTcp(target, patience, signal), bastion: undefined };
  const auth = authMethod(jump);
  const bastion = await login(await openTcp(jump, patience, signal), jump, auth, patience, signal);
  try {
    return { stream: await openWay(bastion, target, jump, patience, signal), bastion };
  } catch (error) {
    bastion.cut();
    throw error;
  }
}

function openTcp(host: Host, { connectMs }: Patience, signal: AbortSignal): Promise<Duplex> {
  return within({ limitMs: connectMs, signal, late: () => noAnswer(host, connectMs) }, (done, fail) => {
    // ssh2 leaves Nagle's algorithm on: without a socket of our own each exchange waits 40 ms for the other side's acknowledgement.
    const socket = connectTcp({ host: host.host, port: host.port, noDelay: true });
    socket.on('error', (error: Failed) => fail(socketFailure(host, error)));
    socket.once('connect', () => done(socket));
    return () => socket.destroy();
  });
}

/** A channel of the jump host to the target, ssh's `-J`. */
function openWay(
  bastion: Connection,
  target: ShellTarget,
  jump: Jump,
  { connectMs }: Patience,
  signal: AbortSignal,
): Promise<Duplex> {
  return within({ limitMs: connectMs, signal, late: () => noAnswer(target, connectMs) }, (done, fail) => {
    bastion.client.forwardOut('127.0.0.1', 0, target.host, target.port, (error, channel) => {
      if (error) fail(wayFailure(target, jump, error));
      else done(channel);
    });
    // Whoever waits closes the bastion, and with it a channel that comes late.
    return () => undefined;
  });
}

async function login(
  socket: Duplex,
  host: Host,
  auth: AnyAuthMethod,
  patience: Patience,
  signal: AbortSignal,
): Promise<Connection> {
  const client = new Client();
  const over = Promise.withResolvers<void>();
  const cut = () => {
    socket.destroy();
  };
  const end = async () => {
    const timer = setTimeout(() => {
      cut();
      over.resolve();
    }, 500);
    client.end();
    await over.promise;
    clearTimeout(timer);
  };
  // ssh2 tells of errors also after it was ended, so there are listeners as long as there is a client.
  client.on('error', () => undefined);
  client.on('close', () => over.resolve());

  // Aborted since the socket was opened: nothing below begins, and nobody else would close it.
  if (signal.aborted) cut();
  const { greetingMs, loginMs } = patience;
  const greeting = Promise.withResolvers<void>();
  const flood = Promise.withResolvers<never>();
  flood.promise.catch(() => undefined);
  const intake = watchIntake(host, socket, {
    onGreeting: greeting.resolve,
    onFlood(error) {
      flood.reject(error);
      cut();
    },
  });
  const greeted = within<void>({ limitMs: greetingMs, signal, late: () => noGreeting(host) }, (done, fail) => {
    greeting.promise.then(done);
    client.once('close', () => fail(lost(host)));
    return cut;
  });
  const slow = () => new SshError(host, 'slow', `the login was not through after ${(greetingMs + loginMs) / 1000} s`);
  let hostKeyType = '';
  const loggedIn = within<string>({ limitMs: greetingMs + loginMs, signal, late: slow }, (done, fail) => {
    let hostKey = '';
    client.once('ready', () => done(hostKey));
    client.on('error', (error: Failed) => fail(loginFailure(host, hostKey, error)));
    client.once('close', () => fail(lost(host)));
    client.connect({
      sock: socket,
      username: host.user,
      // The one key and nothing else: servers count each key of an agent as a failed attempt.
      authHandler: [auth],
      algorithms,
      hostVerifier: (key: Buffer) => {
        hostKey = fingerprintOf(key);
        hostKeyType = keyTypeOf(key);
        return host.hostKey === undefined || host.hostKey === hostKey;
      },
      readyTimeout: 0,
      keepaliveInterval: 10_000,
      keepaliveCountMax: 3,
    });
    return cut;
  });
  const [, hostKey] = await Promise.race([flood.promise, Promise.all([greeted, loggedIn])]);
  intake.allow(0, 0);
  return { client, hostKey, hostKeyType, intake, end, cut };
}

function authMethod({ user, privateKey }: Host): AnyAuthMethod {
  if (privateKey === undefined) return { type: 'none', username: user };
  return { type: 'publickey', username: user, key: readPrivateKey(privateKey) };
}

function noAnswer(host: Host, waitedMs: number): SshError {
  return new SshError(host, 'unreachable', `no answer on port ${host.port} within ${waitedMs / 1000} s`);
}

function noGreeting(host: Host): SshError {
  return new SshError(host, 'silent', `port ${host.port} is open, but no SSH server answers there`);
}
