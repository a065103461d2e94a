import type { Message } from './message.ts';
import type { AllowedMentions } from './messages.ts';
import { may } from './permissions.ts';
import { kinds, walk } from './rules/components.ts';
import type { Draft } from './rules/message.ts';
import type { World } from './world.ts';

/** Whom a message tells with a sound: those its text names and its `allowed_mentions` let through. Without `allowed_mentions` all are let through. */
export function mentionsOf(
  world: World,
  message: Pick<Message, 'authorId' | 'channelId'>,
  draft: Draft,
  allowed: AllowedMentions | undefined,
): Pick<Message, 'mentions' | 'mentionsEveryone'> {
  const texts = [...walk(draft.components)]
    .filter(({ component }) => component.type === kinds.text)
    .map(({ component }) => component.content ?? '');
  const text = [draft.content, ...texts].join('\n');
  const parse = allowed ? (allowed.parse ?? []) : ['users', 'roles', 'everyone'];
  const users = [...text.matchAll(/<@!?(\d+)>/g)].map(([, id]) => id ?? '').filter((id) => world.users.has(id));
  const roles = [...text.matchAll(/<@&(\d+)>/g)].map(([, id]) => id ?? '').filter((id) => world.roles.has(id));
  const letThrough = (kind: string, ids: readonly string[], named: readonly string[] | null | undefined) =>
    ids.filter((id) => parse.includes(kind) || named?.includes(id));
  const channel = world.channels.get(message.channelId);
  const mayAll = channel !== undefined && may(world, message.authorId, channel, 'mentionEveryone');
  return {
    mentions: [
      ...new Set([...letThrough('users', users, allowed?.users), ...letThrough('roles', roles, allowed?.roles)]),
    ],
    mentionsEveryone: mayAll && parse.includes('everyone') && /@(everyone|here)\b/.test(text),
  };
}
