/** What goes wrong with the next calls that match. The first fault that matches is taken. */
export type Fault = RestFault | GatewayFault;

export interface RestFault {
  readonly on: 'rest';
  readonly method?: string;
  /** The path after `/api/v10`: contained in it, or matched. Everything when it is left out. */
  readonly path?: string | RegExp;
  /** How many more calls are hit; default 1, `Infinity` until it is taken away. */
  times?: number;
  /**
   * `status` answers that status and code without doing anything; `drop-before` closes the connection without doing anything, `drop-after` does
   * the work and then closes it; `slow` waits `delayMs` first; `rate-limit` answers 429 with `retryAfterMs`.
   */
  readonly mode: 'status' | 'drop-before' | 'drop-after' | 'slow' | 'rate-limit';
  readonly status?: number;
  readonly code?: number;
  readonly message?: string;
  readonly delayMs?: number;
  readonly retryAfterMs?: number;
  /** The whole application has to wait, not just this route. */
  readonly global?: boolean;
}

export interface GatewayFault {
  /** The next event of this name that a session is sent, `INTERACTION_CREATE` by default. */
  readonly on: 'gateway';
  readonly event?: string;
  times?: number;
  /** `twice` sends it two times; `drop-before` closes the socket instead (it comes when the session resumes), `drop-after` right after sending it. */
  readonly mode: 'twice' | 'drop-before' | 'drop-after';
}

/** The fault for this request, used up by one. */
export function takeRestFault(faults: Fault[], method: string, path: string): RestFault | undefined {
  const fits = (fault: Fault): fault is RestFault =>
    fault.on === 'rest' &&
    (fault.method ?? method) === method &&
    (fault.path === undefined || (typeof fault.path === 'string' ? path.includes(fault.path) : fault.path.test(path)));
  return take(faults, faults.find(fits));
}

/** The fault for this event, used up by one. */
export function takeGatewayFault(faults: Fault[], event: string): GatewayFault | undefined {
  const fits = (fault: Fault): fault is GatewayFault =>
    fault.on === 'gateway' && (fault.event ?? 'INTERACTION_CREATE') === event;
  return take(faults, faults.find(fits));
}

function take<T extends Fault>(faults: Fault[], fault: T | undefined): T | undefined {
  if (!fault) return undefined;
  fault.times = (fault.times ?? 1) - 1;
  if (fault.times <= 0) faults.splice(faults.indexOf(fault), 1);
  return fault;
}
