import { type APIInteraction, Client, Events, GatewayDispatchEvents, GatewayIntentBits } from 'discord.js';
import { systemClock } from '#base/clock.ts';
import { RemoteError, sentence, UserError } from '#base/errors.ts';
import type { Log } from '#base/log.ts';
import { tokenWrong, whereToken } from './errors.ts';

export interface SessionOptions {
  readonly token: string;
  readonly apiUrl: string;
  readonly log: Log;
  /** `replayed`: it may be one from before a break, which Discord has told its author of already. */
  interaction(interaction: APIInteraction, replayed: boolean): void;
  rolesChanged(guild: string): void;
  /** Undefined while people can be heard. */
  state(trouble: string | undefined): void;
}

const loginMs = 20_000;
/** Interactions that come so soon after a broken session was resumed may be old ones. */
const replayMs = 3000;
/** More breaks than this within a minute: something is wrong that trying at once does not cure. */
const mostBreaks = 10;

/**
 * Holds the one gateway session until the signal is aborted, or rejects when it can't: a `UserError` for what a person has to change.
 * The library reconnects by itself; when it does so without end, or gives up, this ends, so that the next try is a patient one.
 */
export async function holdSession(options: SessionOptions, signal: AbortSignal): Promise<void> {
  const { token, apiUrl, log, interaction, rolesChanged, state } = options;
  const client = new Client({
    intents: [GatewayIntentBits.Guilds],
    rest: { api: apiUrl, retries: 0, timeout: 10_000 },
  });
  const failed = Promise.withResolvers<never>();
  // Nobody may be waiting yet.
  failed.promise.catch(() => undefined);
  let resumedAt = Number.NEGATIVE_INFINITY;
  let breaks: number[] = [];

  client.ws.on(GatewayDispatchEvents.InteractionCreate, (raw: APIInteraction) =>
    interaction(raw, performance.now() - resumedAt < replayMs),
  );
  for (const event of ['GuildRoleCreate', 'GuildRoleUpdate', 'GuildRoleDelete'] as const) {
    client.ws.on(GatewayDispatchEvents[event], ({ guild_id }: { guild_id: string }) => rolesChanged(guild_id));
  }
  client.on(Events.ShardReady, () => state(undefined));
  client.on(Events.ShardResume, () => {
    resumedAt = performance.now();
    state(undefined);
  });
  client.on(Events.ShardReconnecting, () => {
    state('Discord: the connection broke; connecting again.');
    breaks = [...breaks.filter((at) => performance.now() - at < 60_000), performance.now()];
    if (breaks.length > mostBreaks)
      failed.reject(new RemoteError('Discord', 'the connection breaks again and again.', { outcome: 'passing' }));
  });
  client.on(Events.ShardDisconnect, ({ code }) => failed.reject(closedFor(code)));
  client.on(Events.Invalidated, () =>
    failed.reject(new RemoteError('Discord', 'it ended the session.', { outcome: 'passing' })),
  );
  client.on(Events.Error, (error) => log.warn({ reason: sentence(error) }, 'trouble with Discord’s gateway'));
  client.on(Events.ShardError, (error) => log.debug({ reason: sentence(error) }, 'trouble with Discord’s gateway'));

  const ended = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  try {
    await Promise.race([ended, failed.promise, login(client, token)]);
    await Promise.race([ended, failed.promise]);
  } finally {
    state('Discord: not connected.');
    await client.destroy().catch(() => undefined);
  }
}

/** `login` of the library may wait for ever. */
async function login(client: Client, token: string): Promise<void> {
  const late = systemClock.sleep(loginMs).then(() => {
    throw new RemoteError('Discord', `no session within ${loginMs / 1000} s.`, { outcome: 'passing' });
  });
  try {
    await Promise.race([client.login(token), late]);
  } catch (error) {
    throw notStarted(error);
  }
}

function notStarted(error: unknown): unknown {
  const { code, message } = error as { code?: string; message: string };
  if (code === 'TokenInvalid' || /invalid token/i.test(message)) return closedFor(4004);
  if (/disallowed intents/i.test(message)) return closedFor(4014);
  if (error instanceof RemoteError) return error;
  return new RemoteError('Discord', `no session: ${message}`, { outcome: 'passing', cause: error });
}

/** Why Discord closed the gateway for good (opcodes, gateway close event codes). */
function closedFor(code: number): Error {
  if (code === 4004) return new UserError(`Discord: ${tokenWrong}`, { hint: whereToken });
  if (code === 4013 || code === 4014) {
    return new UserError('Discord: the application may not use the intent Guilds.', {
      hint: 'Look at discord.com/developers/applications, your application, Bot, Privileged Gateway Intents.',
    });
  }
  return new RemoteError('Discord', `it closed the connection (${code}).`, { outcome: 'passing' });
}
