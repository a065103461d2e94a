import {
  type APIGuild,
  type APIInteraction,
  Client,
  Events,
  GatewayDispatchEvents,
  type GatewayGuildDeleteDispatchData,
  type GatewayGuildRoleCreateDispatchData,
  type GatewayGuildRoleDeleteDispatchData,
  GatewayIntentBits,
  Options,
  SimpleShardingStrategy,
  SnowflakeUtil,
} from 'discord.js';
import { type Clock, systemClock } from '#base/clock.ts';
import { RemoteError, sentence } from '#base/errors.ts';
import type { Log } from '#base/log.ts';
import { atSite } from '#base/site.ts';
import { closedFor, notConnected } from './close-codes.ts';
import type { Roles } from './roles.ts';

/** What the library's own classes call a manager; its client has another one of that name. */
type Manager = ConstructorParameters<typeof SimpleShardingStrategy>[0];

export interface SessionOptions {
  readonly token: string;
  readonly apiUrl: string;
  /** The server whose members use the bot. */
  readonly guild: string | undefined;
  readonly roles: Roles;
  readonly clock: Clock;
  readonly log: Log;
  interaction(interaction: APIInteraction): void;
  /** Undefined while people can be heard. */
  state(trouble: string | undefined): void;
}

const loginMs = 20_000;
/** The library may wait for ever for the end of a session that had only begun. */
const closeMs = 1000;
/** Of what a resumed session brings late, this old is left alone: Discord has told its author that it failed, ms. */
const staleMs = 2500;
/** More breaks than this within a minute: something is wrong that trying at once does not cure. */
const mostBreaks = 5;

/**
 * Holds the one gateway session until the signal is aborted, or rejects when it can't: a `UserError` for what a person has to change.
 * The library reconnects by itself; when it does so without end, or gives up, this ends, so that the next try is a patient one.
 */
export async function holdSession(options: SessionOptions, signal: AbortSignal): Promise<void> {
  const { token, apiUrl, log, state } = options;
  const over = new AbortController();
  const client = new Client({
    intents: [GatewayIntentBits.Guilds],
    // Nothing of what it would remember is ever asked of it.
    makeCache: Options.cacheWithLimits({ ...Options.DefaultMakeCacheSettings, MessageManager: 0, ThreadManager: 0 }),
    rest: { api: apiUrl, retries: 0, timeout: 10_000 },
    ws: { buildStrategy: (manager) => connectingUntil(over.signal, manager) },
  });
  const failed = Promise.withResolvers<never>();
  // Nobody may be waiting yet.
  failed.promise.catch(() => undefined);
  const ended = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  hearEvents(client, options);
  client.on(Events.ShardReady, () => state(undefined));
  client.on(Events.ShardResume, () => state(undefined));
  let breaks: number[] = [];
  client.on(Events.ShardReconnecting, () => {
    state('the connection broke; connecting again.');
    breaks = [...breaks.filter((at) => performance.now() - at < 60_000), performance.now()];
    if (breaks.length > mostBreaks) failed.reject(passing('the connection breaks again and again.'));
  });
  client.on(Events.ShardDisconnect, ({ code }) => failed.reject(closedFor(code)));
  client.on(Events.Invalidated, () => failed.reject(passing('it ended the session.')));
  client.on(Events.Error, (error) => log.warn({ reason: sentence(error) }, 'trouble with Discord’s gateway'));
  client.on(Events.ShardError, (error) => log.debug({ reason: sentence(error) }, 'trouble with Discord’s gateway'));
  try {
    await Promise.race([ended, failed.promise, atSite('discord session', () => login(client, token, over.signal))]);
    await Promise.race([ended, failed.promise]);
  } finally {
    over.abort();
    const destroyed = client
      .destroy()
      .catch((error: unknown) => log.debug({ reason: sentence(error) }, 'the session was cut'));
    const closed = new AbortController();
    const late = systemClock.sleep(closeMs, closed.signal).catch(() => undefined);
    await Promise.race([destroyed, late]).finally(() => closed.abort());
  }
}

/** The library begins a new session when it is told to end one that has only begun. It asks for the last session's state first: then it waits for ever. */
function connectingUntil(over: AbortSignal, manager: Manager): SimpleShardingStrategy {
  const { retrieveSessionInfo } = manager.options;
  manager.options.retrieveSessionInfo = (shard) =>
    over.aborted ? Promise.withResolvers<never>().promise : retrieveSessionInfo(shard);
  return new SimpleShardingStrategy(manager);
}

function hearEvents(client: Client, { guild: own, roles, interaction, state, clock, log }: SessionOptions): void {
  let resuming = false;
  client.on(Events.ShardReconnecting, () => {
    resuming = true;
  });
  for (const event of [Events.ShardReady, Events.ShardResume] as const) {
    client.on(event, () => {
      resuming = false;
    });
  }
  client.ws.on(GatewayDispatchEvents.InteractionCreate, (raw: APIInteraction) => {
    const late = resuming && clock.now() - SnowflakeUtil.timestampFrom(raw.id) > staleMs;
    if (late) log.info({ interaction: raw.id }, 'an interaction from before a break is left alone');
    else interaction(raw);
  });
  client.ws.on(GatewayDispatchEvents.GuildCreate, (guild: APIGuild) => {
    roles.learn(guild.id, guild.roles);
    if (guild.id === own) state(undefined);
  });
  client.ws.on(GatewayDispatchEvents.GuildDelete, ({ id, unavailable }: GatewayGuildDeleteDispatchData) => {
    // A server that Discord itself has trouble with comes back by itself.
    if (id === own && !unavailable) state(removed);
  });
  const put = ({ guild_id, role }: GatewayGuildRoleCreateDispatchData) => roles.put(guild_id, role);
  client.ws.on(GatewayDispatchEvents.GuildRoleCreate, put);
  client.ws.on(GatewayDispatchEvents.GuildRoleUpdate, put);
  client.ws.on(GatewayDispatchEvents.GuildRoleDelete, ({ guild_id, role_id }: GatewayGuildRoleDeleteDispatchData) =>
    roles.drop(guild_id, role_id),
  );
}

/** `login` of the library may wait for ever. */
async function login(client: Client, token: string, over: AbortSignal): Promise<void> {
  const late = systemClock.sleep(loginMs, over).then(
    () => Promise.reject(passing(`no session within ${loginMs / 1000} s.`)),
    () => undefined,
  );
  try {
    await Promise.race([client.login(token), late]);
  } catch (error) {
    throw notConnected(error);
  }
}

const removed =
  'the bot was removed from the server: open the invite link again, with the scopes bot and applications.commands (docs/discord.md, step 3).';

const passing = (what: string) => new RemoteError('Discord', what, { outcome: 'passing' });
