import { makeDelivery } from '../deliver/delivery.ts';
import { aboutWho } from '../deliver/payload.ts';
import { schemas } from '../rules/schema.ts';
import { showView } from '../show/view.ts';
import type { View } from '../view.ts';
import type { World } from '../world.ts';
import type { Field } from './fields.ts';
import { ClientRefusal } from './refusal.ts';

export interface Offer {
  readonly text: { readonly text: string };
  readonly value: string;
}

const mostOptions = 100;

/** What the app offers for what is typed into a field (block_suggestion). Nothing when it does not answer in time. */
export async function suggestFor(
  world: World,
  userId: string,
  view: View,
  field: Field,
  typed: string,
): Promise<readonly Offer[]> {
  const { element, blockId, actionId, label } = field;
  if (!element.type.endsWith('external_select')) throw new ClientRefusal(`Nothing is offered for "${label}".`);
  if (typed.length < Number(element.min_query_length ?? 3)) return [];
  const payload = {
    type: 'block_suggestion',
    ...aboutWho(world, userId),
    action_id: actionId,
    block_id: blockId,
    value: typed,
    container: { type: 'view', view_id: view.id },
    view: showView(world, view),
  };
  const { ok, payload: answer } = await world.deliver(makeDelivery(world, 'interactive', payload));
  if (!ok) return [];
  const { options, option_groups: groups } = answer as { options?: Offer[]; option_groups?: { options: Offer[] }[] };
  const offered = options ?? groups?.flatMap((group) => group.options) ?? [];
  const wrong = [
    ...(options || groups ? [] : ['neither options nor option_groups']),
    ...(offered.length > mostOptions ? [`${offered.length} options`] : []),
    ...offered.flatMap((one) => schemas.option(one)),
    ...(new Set(offered.map(({ value }) => value)).size < offered.length ? ['two options with one value'] : []),
  ];
  if (wrong.length === 0) return offered;
  world.violations.push({ kind: 'wrong-acknowledgement', where: 'ack of block_suggestion', problems: wrong });
  return [];
}
