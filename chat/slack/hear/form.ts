import type { Complaints } from '#chat/platform.ts';
import type { Delivery } from '../delivery.ts';
import { originOf, valuesIn } from '../filled.ts';
import { errorsIn, option, type ShownBlock } from '../modal.ts';
import { most } from '../render/limits.ts';
import { richText } from '../render/rich.ts';
import { unmarked } from '../render/small.ts';
import { whyNotTaken, whyNotYet } from './aside.ts';
import type { Ears } from './ears.ts';
import { type InTime, inTime } from './in-time.ts';

interface SlackUser {
  readonly id: string;
  readonly name?: string;
  readonly team_id?: string;
}

/** What Slack sends when a modal is sent, as far as it is used. */
export interface SlackSubmit {
  readonly user: SlackUser;
  readonly view: {
    readonly id: string;
    readonly hash: string;
    readonly private_metadata?: string;
    readonly blocks: readonly ShownBlock[];
    readonly state: { readonly values: Parameters<typeof valuesIn>[0] };
  };
}

/** A modal was sent: it closes when what it says is kept, and stays open with what is wrong otherwise. */
export async function hearSubmit(ears: Ears, { user, view }: SlackSubmit, delivery: Delivery): Promise<void> {
  const { token, place } = originOf(view.private_metadata);
  const by = await ears.directory.account(user.id, { name: user.name, team: user.team_id });
  const filled = { id: `${view.id}:${view.hash}`, place, by, token, values: valuesIn(view.state.values) };
  const complaints = complaintsIn(ears, await inTime(ears.listener.submit(filled), ears.clock));
  if (complaints === undefined) return delivery.acknowledge();
  const errors = errorsIn(view.blocks, complaints);
  if (Object.keys(errors).length > 0) return delivery.acknowledge({ response_action: 'errors', errors });
  const blocks = richText([{ type: 'text', text: Object.values(complaints).join(' ') }]);
  const title = unmarked('Please read', most.viewTitle);
  await delivery.acknowledge({ response_action: 'update', view: { type: 'modal', title, blocks } });
}

function complaintsIn(ears: Ears, came: InTime<Complaints | undefined>): Complaints | undefined {
  if ('heard' in came) return came.heard;
  if ('late' in came) return { '': whyNotYet(ears) };
  ears.log.warn({ err: came.failed }, 'a form was not kept');
  return { '': whyNotTaken(ears, came.failed, 'Send it again in a moment.') };
}

/** What Slack sends when it wants options for a select that is being typed in. */
export interface SlackWanted {
  readonly user: SlackUser;
  readonly block_id: string;
  readonly value: string;
  readonly view?: { readonly private_metadata?: string };
}

/** What could be picked; what was typed comes first, since a select takes nothing that it was not offered. */
export async function hearWanted(ears: Ears, wanted: SlackWanted, delivery: Delivery): Promise<void> {
  const { user, block_id, value: typed, view } = wanted;
  const { token, place } = originOf(view?.private_metadata);
  const by = await ears.directory.account(user.id, { name: user.name, team: user.team_id });
  const field = block_id.replace(/^field\./, '');
  const came = await inTime(ears.listener.words({ token, field, typed, by, place }), ears.clock);
  if ('failed' in came) ears.log.warn({ err: came.failed }, 'there are no words to offer');
  const words = 'heard' in came ? came.heard.filter(({ word }) => word !== '' && word.length <= most.option) : [];
  const own = typed.trim().slice(0, most.option);
  const known = own === '' || words.some(({ word }) => word === own);
  const options = words.map(({ word, about }) => option(word, word, about));
  const offered = known ? options : [option(own, `use “${own}”`), ...options];
  await delivery.acknowledge({ options: offered.slice(0, most.options) });
}
