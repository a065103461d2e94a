import type { App, ReceiverEvent } from '@slack/bolt';
import { sentence } from '#base/errors.ts';
import type { Log } from '#base/log.ts';
import { atSite } from '#base/site.ts';

/** One thing that Slack brought, and whether it was told that it arrived. */
export interface Delivery {
  /** Tells Slack; the payload goes back with it. Only the first call counts. */
  acknowledge(payload?: object): Promise<void>;
  /** Lets it go unacknowledged, so that Slack brings it again: events only. */
  withhold(): void;
  /** How often it was brought before. */
  readonly retries: number;
}

/** The property of Bolt's context that holds the {@link Delivery}. */
const deliveryKey = 'delivery';

/**
 * Hands something over to Bolt's listeners. Bolt itself acknowledges events before anybody has heard them, and knows nothing of what no listener wants; so its own
 * acknowledgement is held back here, and what is left at the end is acknowledged.
 */
export async function processed(app: App, event: ReceiverEvent, log: Log): Promise<void> {
  let over = false;
  const acknowledge = async (payload?: object) => {
    if (over) return;
    over = true;
    try {
      await atSite('slack acknowledge', () => event.ack(payload));
    } catch (error) {
      // What was kept stays kept: Slack brings it again, or shows an error that is not one.
      log.warn({ reason: sentence(error) }, 'an acknowledgement was lost');
    }
  };
  const delivery: Delivery = {
    acknowledge,
    withhold: () => {
      over = true;
    },
    retries: event.retryNum ?? 0,
  };
  try {
    await app.processEvent({ ...event, ack: async () => undefined, customProperties: { [deliveryKey]: delivery } });
  } catch (error) {
    log.error({ err: error }, 'a bug in hearing Slack');
  }
  await acknowledge();
}

/** The {@link Delivery} that a listener of Bolt is called for. */
export function deliveryIn(context: object): Delivery {
  return (context as Record<typeof deliveryKey, Delivery>)[deliveryKey];
}
