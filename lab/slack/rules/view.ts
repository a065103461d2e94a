import type { Block } from '../message.ts';
import { wrongBlocks } from './blocks.ts';
import { schemas } from './schema.ts';

/** A view as it comes in. */
export interface GivenView {
  readonly type: 'modal' | 'home';
  readonly title?: { readonly text: string };
  readonly submit?: { readonly text: string };
  readonly close?: { readonly text: string };
  readonly blocks: readonly Block[];
  readonly private_metadata?: string;
  readonly callback_id?: string;
  readonly external_id?: string;
  readonly notify_on_close?: boolean;
  readonly clear_on_close?: boolean;
}

export const mostViewBytes = 250_000;

/** What is wrong with a view. Empty when Slack would show it. */
export function wrongView(given: unknown, kind: GivenView['type']): string[] {
  const view = given as GivenView;
  if (typeof given !== 'object' || given === null || view.type !== kind) {
    return [`[ERROR] must be of type ${kind} [json-pointer:/view/type]`];
  }
  const frame = schemas[kind]({ ...view, blocks: [] }).map((problem) =>
    problem.replace('[json-pointer:', '[json-pointer:/view'),
  );
  const blocks = wrongBlocks(view.blocks, kind, '/view/blocks');
  const asks = Array.isArray(view.blocks) && view.blocks.some(({ type }) => type === 'input');
  const submit =
    kind === 'modal' && asks && !view.submit ? ['[ERROR] missing required field: submit [json-pointer:/view]'] : [];
  return [...frame, ...blocks, ...submit];
}
