import { DeliveryError } from '#chat/delivery-error.ts';
import type { Place } from '#chat/platform.ts';
import type { Bench } from './bench.ts';

/** Slack's id of an account: `slack:T012:U0ANA` → `U0ANA`. */
export function userOf(account: string): string {
  const user = account.split(':')[2];
  if (user !== undefined && account.startsWith('slack:')) return user;
  throw new DeliveryError('Slack', 'closed', `${account} is not an account of Slack.`);
}

/** The direct messages with a person (conversations.open, once). */
export async function openDirect({ clients, condition, directs }: Bench, user: string): Promise<Place> {
  const known = directs.get(user);
  if (known !== undefined) return { platform: 'slack', channel: known };
  const { channel } = await condition.call(() => clients.api.conversations.open({ users: user }));
  if (!channel?.id) throw new DeliveryError('Slack', 'refused', `it opened no direct message with ${user}.`);
  directs.set(user, channel.id);
  return { platform: 'slack', channel: channel.id };
}

/** A home tab's place is its person: what is posted there goes to their direct messages. */
export const isUser = (channel: string) => /^[UW]/.test(channel);
export const isDirect = (channel: string) => /^[DUW]/.test(channel);
