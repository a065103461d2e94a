/** The names of everything the engine keeps in Redis. All of them carry the prefix, so that a hash tag puts them into one slot. */
export interface Keys {
  /** For BullMQ, which adds names of its own. */
  readonly bull: string;
  /** Runs by the time (ms) at which somebody has to look at them next: a lease's end, a pause's end, a question's end. */
  readonly open: string;
  /** How often each open run was rung for. */
  readonly bells: string;
  /** `all/<time>/<run>`, `by/<person>/<time>/<run>`, `state/<state>/<time>/<run>`. */
  readonly index: string;
  /** One entry for each change of any run. */
  readonly audit: string;
  /** The same and the runs' lines, for whoever shows them to people. */
  readonly outbox: string;
  /** `held/<place>/<run>` and `wait/<place>/<time>/<run>`: locks and slots. */
  readonly places: string;
  /** What each live worker can carry out, by the time (ms) until which it counts as live. */
  readonly workers: string;
  /** Where a hint is published for the worker that holds a run. */
  readonly hints: string;
  /** Where a worker that can't carry out a run publishes it for those who can. */
  readonly offers: string;
  run(id: string): string;
  steps(id: string): string;
  log(id: string): string;
  request(key: string): string;
  /** What a script that changes one run gets as KEYS, in the order that `scripts/prelude.lua` names. */
  of(id: string): string[];
}

/** `prefix` is `{botswain}`, or what a test made up. */
export function makeKeys(prefix: string): Keys {
  const run = (id: string) => `${prefix}:run:${id}`;
  const shared = {
    open: `${prefix}:open`,
    bells: `${prefix}:bells`,
    index: `${prefix}:index`,
    audit: `${prefix}:audit`,
    outbox: `${prefix}:outbox`,
    places: `${prefix}:places`,
    workers: `${prefix}:workers`,
  };
  return {
    ...shared,
    bull: `${prefix}:bull`,
    hints: `${prefix}:hints`,
    offers: `${prefix}:offers`,
    run,
    steps: (id) => `${run(id)}:steps`,
    log: (id) => `${run(id)}:log`,
    request: (key) => `${prefix}:request:${key}`,
    of: (id) => [run(id), `${run(id)}:steps`, `${run(id)}:log`, `${run(id)}:seen`, ...Object.values(shared)],
  };
}
