import type { World } from '../world.ts';
import type { Delivery, Outcome } from './delivery.ts';
import { post } from './http.ts';
import type { Sockets } from './sockets.ts';

/** Brings something to the app by whatever way it listens, and notes how that went. */
export async function deliver(world: World, sockets: Sockets, delivery: Delivery): Promise<Outcome> {
  world.deliveries.push(delivery);
  const { socketMode, requestUrl } = world.app;
  const outcome = await (world.offline || (!socketMode && requestUrl === undefined)
    ? unreachable
    : socketMode || requestUrl === undefined
      ? sockets.send(delivery)
      : post(world, requestUrl, delivery));
  delivery.outcome ??= outcome;
  if (!outcome.ok) delivery.failed?.(outcome);
  if (delivery.kind === 'events_api' && Object.keys(outcome.payload).length > 0) {
    const problems = [`an event takes no answer: ${JSON.stringify(outcome.payload).slice(0, 200)}`];
    if (!socketMode) world.changes.tell();
    else world.violations.push({ kind: 'wrong-acknowledgement', where: 'ack of events_api', problems });
  }
  world.changes.tell();
  return outcome;
}

const unreachable: Outcome = { ok: false, error: 'dispatch_failed', payload: {}, tookMs: 0 };
