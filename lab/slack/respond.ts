import { messageKey, withIds, writeMessage } from './messages.ts';
import { unknownArguments } from './web/arguments.ts';
import { contentArgs, readContent } from './web/content.ts';
import { SlackError } from './web/error.ts';
import type { Sent } from './web/send.ts';
import type { ResponseUrl, World } from './world.ts';

const known = {
  ...contentArgs,
  response_type: 'string',
  replace_original: 'boolean',
  delete_original: 'boolean',
  thread_ts: 'string',
  unfurl_links: 'boolean',
  unfurl_media: 'boolean',
  metadata: 'json',
} as const;

/** What comes by a response_url: a new message, or another state of the one that was pressed on. */
export function respond(world: World, token: string, args: Record<string, unknown>): Sent {
  const found = world.responseUrls.get(token);
  if (!found || world.clock.now() > found.expiresAt) return { status: 404, body: { ok: false, error: 'expired_url' } };
  if (found.uses >= world.settings.responseUrlUses) return { status: 404, body: { ok: false, error: 'used_url' } };
  found.uses += 1;
  try {
    answer(world, found, args, 'response_url');
    return { body: { ok: true } };
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    const { messages = [] } = (error.more.response_metadata ?? {}) as { messages?: readonly string[] };
    world.violations.push({ kind: 'wrong-payload', where: 'response_url', problems: [error.code, ...messages] });
    return { status: 400, body: { ok: false, error: error.code, ...error.more } };
  }
}

/** Shows an answer that came by a response_url or with an acknowledgement. Throws what is wrong with it. */
export function answer(
  world: World,
  { userId, channelId, messageTs, threadTs }: Pick<ResponseUrl, 'userId' | 'channelId' | 'messageTs' | 'threadTs'>,
  args: Readonly<Record<string, unknown>>,
  where: string,
) {
  const unknown = unknownArguments(known, args);
  if (unknown.length > 0) world.violations.push({ kind: 'wrong-argument', where, problems: unknown });
  const key = messageKey(channelId, messageTs ?? '');
  if (args.delete_original === true) {
    world.messages.delete(key);
    world.changes.tell();
    return undefined;
  }
  const content = readContent(world, args);
  const before = world.messages.get(key);
  if (args.replace_original === true && before) {
    before.content = { ...content, blocks: withIds(world, content.blocks) };
    before.edits += 1;
    world.changes.tell();
    return before;
  }
  const onlyFor = args.response_type === 'in_channel' ? undefined : userId;
  const thread = typeof args.thread_ts === 'string' ? args.thread_ts : threadTs;
  const { userId: user, botId } = world.app;
  return writeMessage(world, { channel: channelId, user, botId, onlyFor, threadTs: thread, content });
}
