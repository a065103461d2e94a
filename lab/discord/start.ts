import { makeChanges } from '../changes.ts';
import { startClock } from '../clock.ts';
import { makeDesk } from './desk/desk.ts';
import type { Fault } from './faults.ts';
import { firstWorld, fixedIds } from './first-world.ts';
import { type Gateway, startGateway } from './gateway/gateway.ts';
import { type Happenings, makeHappenings } from './happenings.ts';
import { type Person, personNamed } from './people/person.ts';
import { makeReaders, type Readers } from './readers.ts';
import { close, listen } from './rest/listen.ts';
import { makeServer } from './rest/server.ts';
import { routes } from './rest/table.ts';
import { realSettings, type Settings } from './settings.ts';
import { makeIds } from './snowflake.ts';
import { randomToken } from './token.ts';
import type { Call, Violation, World } from './world.ts';

export interface DiscordOptions extends Partial<Settings> {
  /** 0 = any free port. */
  readonly port?: number;
  readonly token?: string;
  /** ms since the epoch; the machine's clock when it is left out. */
  readonly now?: () => number;
}

/** A running Discord with one guild, its people, and one application. */
export interface DiscordLab extends AsyncDisposable, Readers, Happenings {
  /** Where people look at it: `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** What a client takes for `https://discord.com/api`. */
  readonly api: string;
  /** The bot's token, as it is now. */
  readonly token: string;
  readonly applicationId: string;
  readonly guildId: string;
  /** What goes wrong with the next calls and events; push and take away at any time. */
  readonly faults: Fault[];
  /** Every request so far. */
  readonly calls: readonly Call[];
  /** What the published schema does not allow, in and out. Empty it to begin anew: `lab.violations.length = 0`. */
  readonly violations: Violation[];
  readonly gateway: Pick<Gateway, 'connected' | 'drop' | 'reconnect' | 'invalidate'>;
  readonly world: World;
  user(name: string): Person;
}

/** Starts REST and the gateway on one port of loopback. */
export async function startDiscord(options: DiscordOptions = {}): Promise<DiscordLab> {
  const { port = 0, token = randomToken(), now = Date.now, ...settings } = options;
  const clock = startClock(now);
  const world: World = {
    settings: { ...realSettings, ...settings },
    clock,
    newId: makeIds(clock.now),
    changes: makeChanges(),
    faults: [],
    violations: [],
    application: { id: fixedIds.application, name: 'Botswain', token, identifies: 0, commandsMadeAt: [] },
    guild: { id: fixedIds.guild, name: 'Harbour', ownerId: fixedIds.ben },
    ...firstWorld(clock.now()),
    messages: new Map(),
    commands: new Map(),
    interactions: new Map(),
    modals: new Map(),
    nonces: new Map(),
    oldEdits: new Map(),
    calls: [],
    origin: '',
    emit: (event) => gateway.emit(event),
    heard: () => gateway.heard(),
    connected: () => gateway.connected(),
  };
  const server = makeServer(world, routes, makeDesk(world));
  const gateway = startGateway(server, world);
  world.origin = await listen(server, port);

  return {
    ...makeReaders(world),
    ...makeHappenings(world, server, gateway),
    url: world.origin,
    api: `${world.origin}/api`,
    get token() {
      return world.application.token;
    },
    applicationId: world.application.id,
    guildId: world.guild.id,
    faults: world.faults,
    calls: world.calls,
    violations: world.violations,
    gateway,
    world,
    user: (name) => personNamed(world, name),
    async [Symbol.asyncDispose]() {
      clock.stop();
      gateway.stop();
      await close(server);
    },
  };
}
