import type { Card } from '#base/card.ts';
import { RemoteError } from '#base/errors.ts';
import type { MessageRef, Place, Posting } from '#chat/platform.ts';
import { filesOf } from '../render/render.ts';
import { type Bench, messageOf } from './bench.ts';
import { isUser, openDirect } from './direct.ts';
import { sendFile } from './files.ts';
import { cardEvent, findPosted, hasFile } from './find.ts';

/** Posts a card once under its key (chat.postMessage); its files follow into the same thread, or into one of their own. */
export async function postCard(bench: Bench, to: Place, card: Card, { key, again }: Posting): Promise<MessageRef> {
  const place = isUser(to.channel) ? await openDirect(bench, to.channel) : to;
  const found = again ? await findPosted(bench, place, key) : undefined;
  const id = found ?? (await postMessage(bench, place, card, key));
  const thread: Place = { ...place, thread: place.thread ?? id };
  for (const file of filesOf(card)) {
    const there = found !== undefined && (await hasFile(bench, thread, file.name));
    if (!there) await sendFile(bench, thread, file);
  }
  return { place, id };
}

async function postMessage(bench: Bench, place: Place, card: Card, key: string): Promise<string> {
  const { channel, thread } = place;
  const { ts } = await bench.condition.call(() =>
    bench.clients.api.chat.postMessage({
      channel,
      ...(thread === undefined ? {} : { thread_ts: thread }),
      ...messageOf(bench, card, false),
      metadata: { event_type: cardEvent, event_payload: { key } },
      unfurl_links: false,
      unfurl_media: false,
    }),
  );
  if (ts) return ts;
  throw new RemoteError('Slack', 'did not say where it put a message', { outcome: 'unknown' });
}

/** Replaces a message by a newer render (chat.update); what it is known by stays with it. */
export async function editCard(bench: Bench, { place, id }: MessageRef, card: Card): Promise<void> {
  const message = messageOf(bench, card, true);
  await bench.condition.call(() => bench.clients.api.chat.update({ channel: place.channel, ts: id, ...message }));
}
