import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { makeChanges } from '../changes.ts';
import { startClock } from '../clock.ts';
import { type App, type AppOptions, installApp } from './app.ts';
import { deliver } from './deliver/deliver.ts';
import type { Delivery } from './deliver/delivery.ts';
import { startSockets } from './deliver/sockets.ts';
import { makeDesk } from './desk/desk.ts';
import type { Fault } from './faults.ts';
import { firstWorld, team } from './first-world.ts';
import { type Happenings, makeHappenings } from './happenings.ts';
import { makeIds, makeTimes } from './ids.ts';
import { type Person, personNamed } from './people/person.ts';
import { makeReaders, type Readers } from './readers.ts';
import { respond } from './respond.ts';
import { realSettings, type Settings } from './settings.ts';
import { makeServer } from './web/server.ts';
import type { Call, Violation, World } from './world.ts';

export interface SlackOptions extends AppOptions, Partial<Settings> {
  /** 0 = any free port. */
  readonly port?: number;
  /** Scopes that are not granted though the manifest asks for them. */
  readonly without?: readonly string[];
  /** ms since the epoch; the machine's clock when it is left out. */
  readonly now?: () => number;
}

/** A running workspace with its people and one app. */
export interface SlackLab extends AsyncDisposable, Readers, Happenings {
  /** Where people look at it: `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** What a client takes for `https://slack.com/api/`. */
  readonly apiUrl: string;
  /** Its tokens, scopes and how it listens; change them at any time. */
  readonly app: App;
  readonly teamId: string;
  /** What goes wrong with the next calls and deliveries; push and take away at any time. */
  readonly faults: Fault[];
  /** Every request so far. */
  readonly calls: readonly Call[];
  /** Everything that was brought to the app, with how long it took to acknowledge. */
  readonly deliveries: readonly Delivery[];
  /** What Slack would have refused or ignored. Empty it to begin anew: `lab.violations.length = 0`. */
  readonly violations: Violation[];
  /** How many sockets are open. */
  readonly sockets: number;
  /** Moves the lab's time on; what has become due happens before this returns. */
  pass(lengthMs: number): void;
  user(name: string): Person;
  readonly world: World;
}

/** Starts the Web API and Socket Mode on one port of loopback. */
export async function startSlack(options: SlackOptions = {}): Promise<SlackLab> {
  const { port = 0, now = Date.now, without = [] } = options;
  const clock = startClock(now);
  const app = installApp(options);
  for (const scope of without) app.scopes.delete(scope);
  const world: World = {
    settings: { ...realSettings, ...options },
    clock,
    changes: makeChanges(),
    faults: [],
    violations: [],
    calls: [],
    deliveries: [],
    team,
    app,
    ...firstWorld(app),
    messages: new Map(),
    files: new Map(),
    views: new Map(),
    stacks: new Map(),
    homes: new Map(),
    triggers: new Map(),
    responseUrls: new Map(),
    tickets: new Set(),
    origin: '',
    offline: false,
    newId: makeIds(),
    newTs: makeTimes(clock.now),
    deliver: (delivery) => deliver(world, sockets, delivery),
    listening: () => sockets.count > 0,
  };
  const desk = makeDesk(world);
  const server = makeServer(world, (token, args) => respond(world, token, args), desk);
  const sockets = startSockets(server, world);
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  world.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    ...makeReaders(world),
    ...makeHappenings(world, sockets),
    url: world.origin,
    apiUrl: `${world.origin}/api/`,
    app,
    teamId: team.id,
    faults: world.faults,
    calls: world.calls,
    deliveries: world.deliveries,
    violations: world.violations,
    get sockets() {
      return sockets.count;
    },
    pass: clock.pass,
    user: (name) => personNamed(world, name),
    world,
    async [Symbol.asyncDispose]() {
      clock.stop();
      sockets.stop();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
