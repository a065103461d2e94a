import { randomBytes } from 'node:crypto';
import type { Json } from '#base/json.ts';
import type { Requester } from './record.ts';
import type { ApprovalRule } from './run.ts';

/** What is asked for. */
export interface Order {
  /** `<platform>:<id>` of the request: the same when it is delivered twice. */
  readonly key: string;
  readonly job: string;
  readonly version: number;
  readonly input: Json;
  readonly by: Requester;
  /** Where it was asked; only carried. */
  readonly origin: Json;
  /** The command as typed. */
  readonly text: string;
  readonly cluster: string;
  readonly onFailure: 'undo' | 'keep';
  readonly approval?: ApprovalRule | undefined;
  /** It is not taken when as many runs of the same person have not begun. */
  readonly mostWaiting?: number;
}

/** An order as the fields of a run record. */
export function orderFields(order: Order): Record<string, string> {
  return {
    job: order.job,
    version: String(order.version),
    input: JSON.stringify(order.input),
    'by.key': order.by.key,
    'by.name': order.by.name,
    origin: JSON.stringify(order.origin),
    text: order.text.toWellFormed(),
    cluster: order.cluster,
    onFailure: order.onFailure,
    ...(order.approval ? { approval: JSON.stringify(order.approval) } : {}),
  };
}

/** `r-7f3k2q9h`: 40 random bits, in letters and digits that are not mistaken for each other. */
export function makeRunId(): string {
  const alphabet = 'abcdefghjkmnpqrstuvwxyz023456789';
  return `r-${[...randomBytes(8)].map((byte) => alphabet[byte % 32]).join('')}`;
}
