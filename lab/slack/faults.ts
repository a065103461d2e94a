/** What goes wrong with the next calls and deliveries that match. The first fault that matches is taken. */
export type Fault = ApiFault | DeliveryFault;

export interface ApiFault {
  readonly on: 'api';
  /** `chat.postMessage`; also `upload` and `response_url`. Every method when it is left out. */
  readonly method?: string;
  /** Only calls that name this channel. */
  readonly channel?: string;
  /** How many more calls are hit; default 1, `Infinity` until it is taken away. */
  times?: number;
  /** Only until then: ms since the epoch, by the lab's clock. A 429 then says how long that still is. */
  readonly until?: number;
  /**
   * `error` answers `{ok: false, error}`; `status` a bare HTTP status; `rate-limit` 429 with `retryAfterS`. `drop-before` closes the connection without doing
   * anything, `drop-after` does the work and then closes it; `slow` waits `delayMs` first.
   */
  readonly mode: 'error' | 'status' | 'rate-limit' | 'drop-before' | 'drop-after' | 'slow';
  readonly error?: string;
  readonly status?: number;
  readonly retryAfterS?: number;
  readonly delayMs?: number;
}

export interface DeliveryFault {
  /** Slash commands, presses, forms and events on their way to the app. */
  readonly on: 'delivery';
  readonly kind?: 'slash_commands' | 'interactive' | 'events_api';
  times?: number;
  /**
   * `again` sends it `copies` times (2 by default) with one envelope id. `hold` waits `delayMs` first; the 3 s count from before. `drop-before` closes the socket
   * instead of sending, `drop-after` right after sending, `drop-at-ack` when the acknowledgement comes, which is lost. Over HTTP these cut the connection.
   */
  readonly mode: 'again' | 'hold' | 'drop-before' | 'drop-after' | 'drop-at-ack';
  readonly copies?: number;
  readonly delayMs?: number;
}

/** The fault for this call, used up by one. */
export function takeApiFault(faults: Fault[], method: string, channel: unknown, now: number): ApiFault | undefined {
  const over = faults.filter((fault) => fault.on === 'api' && fault.until !== undefined && fault.until <= now);
  for (const fault of over) faults.splice(faults.indexOf(fault), 1);
  const fits = (fault: Fault): fault is ApiFault =>
    fault.on === 'api' &&
    (fault.method ?? method) === method &&
    (fault.channel === undefined || fault.channel === channel);
  return take(faults, faults.find(fits));
}

/** The fault for this delivery, used up by one. */
export function takeDeliveryFault(faults: Fault[], kind: string): DeliveryFault | undefined {
  const fits = (fault: Fault): fault is DeliveryFault => fault.on === 'delivery' && (fault.kind ?? kind) === kind;
  return take(faults, faults.find(fits));
}

function take<T extends Fault>(faults: Fault[], fault: T | undefined): T | undefined {
  if (!fault) return undefined;
  fault.times = (fault.times ?? ('until' in fault ? Number.POSITIVE_INFINITY : 1)) - 1;
  if (fault.times <= 0) faults.splice(faults.indexOf(fault), 1);
  return fault;
}
