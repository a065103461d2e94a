import type { World } from '../world.ts';

/** What Slack calls the kinds of things that it brings. */
export type Kind = 'slash_commands' | 'interactive' | 'events_api';

export interface Delivery {
  /** The envelope's id; over HTTP nobody sees it. */
  readonly id: string;
  readonly kind: Kind;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly at: number;
  /** Set when an event comes again. */
  readonly retry?: { readonly attempt: number; readonly reason: string } | undefined;
  /** How often it was sent so far, and when it was acknowledged. */
  sent: number;
  outcome: Outcome | undefined;
  /** What follows when it was not acknowledged; done before anybody sees the outcome. */
  failed?(outcome: Outcome): void;
}

/** How it went, as Slack sees it. */
export interface Outcome {
  readonly ok: boolean;
  /** What the person reads: `dispatch_failed` when the app can't be reached, `operation_timeout` when it does not acknowledge in time. */
  readonly error?: string;
  /** What came back with the acknowledgement. */
  readonly payload: Readonly<Record<string, unknown>>;
  /** ms from sending to the acknowledgement, of real time. */
  readonly tookMs: number;
}

export function makeDelivery(
  world: World,
  kind: Kind,
  payload: Readonly<Record<string, unknown>>,
  retry?: Delivery['retry'],
): Delivery {
  const id = `${crypto.randomUUID()}`;
  return { id, kind, payload, retry, at: world.clock.now(), sent: 0, outcome: undefined };
}

/** Waits for the first acknowledgement, or until Slack gives up. */
export function awaitOutcome(world: World): {
  readonly outcome: Promise<Outcome>;
  settle(how: Partial<Outcome>): void;
} {
  const { promise, resolve } = Promise.withResolvers<Outcome>();
  const startedAt = performance.now();
  const cancel = world.clock.after(world.settings.ackMs, () => settle({ ok: false, error: 'operation_timeout' }));
  function settle(how: Partial<Outcome>): void {
    cancel();
    resolve({ ok: true, payload: {}, tookMs: performance.now() - startedAt, ...how });
  }
  return { outcome: promise, settle };
}
