/**
 * Does something in one process at a time, over all gateways: calls `act` when this one leads, with a signal that is aborted when it leads no more. Tries
 * again for ever; resolves when `until` is aborted and `act` has ended.
 */
export type Lead = (name: string, act: (signal: AbortSignal) => Promise<void>, until: AbortSignal) => Promise<void>;
