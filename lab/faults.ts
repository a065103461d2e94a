/** What goes wrong with the next calls that match, for tests and for people who want to see the bot cope. */
export interface Fault {
  readonly method?: string;
  /** The API path without `/api2/json`; a string must be contained in it. */
  readonly path: RegExp | string;
  /** How many more calls are hit; default 1. */
  times?: number;
  /**
   * `status` answers that status without doing anything; `drop-before` closes the connection without doing anything,
   * `drop-after` does the work and then closes it; `hold` never answers until the client leaves; `slow` waits `delayMs` first;
   * `task` lets the call through and its task fail with `exitstatus`; `kill` ends the task that is stopped as a second signal does:
   * it clears nothing away, so a clone leaves its VM locked. `huge` and `endless` do the work and answer with `bytes` of rows (500 MB
   * without it), or with a body that never ends; `chatty` lets the task that the call starts begin with `lines` lines in its log (a million
   * without it), and fail after them with `exitstatus` if that is given.
   */
  readonly mode?:
    | 'status'
    | 'drop-before'
    | 'drop-after'
    | 'hold'
    | 'slow'
    | 'task'
    | 'kill'
    | 'huge'
    | 'endless'
    | 'chatty';
  readonly status?: number;
  readonly reason?: string;
  readonly delayMs?: number;
  readonly exitstatus?: string;
  readonly bytes?: number;
  readonly lines?: number;
  /** How many bytes `huge` and `endless` have sent so far, over all calls that were hit. */
  sent?: number;
}

/** The first fault that matches this call, used up by one. */
export function takeFault(faults: Fault[], method: string, path: string): Fault | undefined {
  const at = faults.findIndex((fault) => (fault.method ?? method) === method && pathMatches(fault, path));
  const fault = faults[at];
  if (!fault) return undefined;
  fault.times = (fault.times ?? 1) - 1;
  if (fault.times <= 0) faults.splice(at, 1);
  return fault;
}

/** A fault as it came over `POST /_lab/faults`: JSON, with `path` as a regular expression's text. */
export function readFault(sent: unknown): Fault {
  const fault = sent as Fault;
  if (typeof fault?.path !== 'string')
    throw new TypeError('A fault needs a path, for example {"path":"status/start$"}.');
  return { ...fault, path: new RegExp(fault.path) };
}

/** A fault as JSON shows it. */
export function showFault(fault: Fault): unknown {
  return { ...fault, path: fault.path instanceof RegExp ? fault.path.source : fault.path };
}

function pathMatches(fault: Fault, path: string): boolean {
  return typeof fault.path === 'string' ? path.includes(fault.path) : fault.path.test(path);
}
