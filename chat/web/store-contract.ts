import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Card } from '#base/card.ts';
import { keep, type NewMessage, type WebEvent, type WebStore } from './store.ts';

/** What every {@link WebStore} does; each implementation's test file calls this. */
export function storeContract(name: string, open: () => Promise<WebStore & Partial<AsyncDisposable>>): void {
  describe(name, () => {
    test('the same key files a message once, even when two ask at the same moment', async () => {
      await using own = await opened(open);

      const filed = await Promise.all([own.store.add(say('one'), 'k'), own.store.add(say('one'), 'k')]);

      assert.deepEqual(filed.map(({ isNew }) => isNew).sort(), [false, true]);
      assert.equal((await own.store.recent('ops', 10, 'ana')).length, 1);
    });

    test('the newest messages come oldest first, with those for one person only for them', async () => {
      await using own = await opened(open);
      for (const text of ['one', 'two', 'three']) await own.store.add(say(text), text);
      await own.store.add({ ...say('for ben'), to: 'ben' }, 'whisper');
      await own.store.add({ ...say('elsewhere'), channel: 'other' }, 'other');

      const seen = await Promise.all(['ana', 'ben'].map((person) => own.store.recent('ops', 2, person)));

      assert.deepEqual(
        seen.map((messages) => messages.map(textOf)),
        [
          ['two', 'three'],
          ['two', 'three', 'for ben'],
        ],
      );
    });

    test('a change is a new revision of the same message', async () => {
      await using own = await opened(open);
      const { message } = await own.store.add(say('before'), 'k');

      await own.store.change(message.id, say('after').content);

      const found = await own.store.read(message.id);
      assert.deepEqual([found && textOf(found), found?.revision, found?.at], ['after', 2, message.at]);
    });

    test('the content that a message has already changes nothing', async () => {
      await using own = await opened(open);
      const { message } = await own.store.add(say('same'), 'k');
      const cursor = await own.store.cursor();

      const after = await own.store.change(message.id, say('same').content);

      assert.deepEqual([after?.revision, await own.store.cursor()], [1, cursor]);
    });

    test('only so many messages are kept, and a thread goes with its root', async () => {
      await using own = await opened(open);
      const { message: root } = await own.store.add({ ...say('first'), to: 'ana' }, 'first');
      const { message: reply } = await own.store.add({ ...say('reply'), thread: root.id }, 'reply');

      for (let i = 0; i < keep.person; i++) await own.store.add({ ...say(`${i}`), to: 'ana' }, `${i}`);

      assert.equal((await own.store.recent('ops', 1000, 'ana')).length, keep.person);
      assert.deepEqual([await own.store.read(root.id), await own.store.read(reply.id)], [undefined, undefined]);
    });

    test('a message that is not kept cannot be changed', async () => {
      await using own = await opened(open);

      assert.equal(await own.store.change('999', say('x').content), undefined);
    });

    test('a thread has its messages in order, and its root knows how many there are', async () => {
      await using own = await opened(open);
      const { message: root } = await own.store.add(say('root'), 'root');
      for (const text of ['first', 'second']) await own.store.add({ ...say(text), thread: root.id }, text);

      const replies = await own.store.thread(root.id);

      assert.deepEqual(
        replies.map((reply) => [textOf(reply), reply.nth]),
        [
          ['first', 1],
          ['second', 2],
        ],
      );
      assert.equal((await own.store.read(root.id))?.replies, 2);
      assert.equal((await own.store.recent('ops', 10, 'ana')).length, 1);
    });

    test('after a cursor come the messages that are new or changed, each once as it is now', async () => {
      await using own = await opened(open);
      const { message } = await own.store.add(say('one'), '1');
      const cursor = await own.store.cursor();
      await own.store.add(say('two'), '2');
      for (const text of ['one, again', 'one, at last']) await own.store.change(message.id, say(text).content);

      const missed = await own.store.since(cursor);

      assert.deepEqual(
        missed?.map((event) => textOf(event.message)),
        ['two', 'one, at last'],
      );
      assert.deepEqual(await own.store.since(missed?.at(-1)?.cursor ?? ''), []);
    });

    test('a cursor that the store does not know leads to nothing rather than to a gap', async () => {
      await using own = await opened(open);
      await own.store.add(say('one'), '1');

      assert.equal(await own.store.since('1-1'), undefined);
      assert.equal(await own.store.since('no cursor'), undefined);
    });

    test('whoever follows hears what was said after the cursor and what is said from then on', async () => {
      await using own = await opened(open);
      await own.store.add(say('long ago'), '0');
      const cursor = await own.store.cursor();
      await own.store.add(say('missed'), '1');
      const stopping = new AbortController();
      const heard: string[] = [];

      for await (const { message } of own.store.follow(cursor, stopping.signal)) {
        heard.push(textOf(message));
        if (heard.length === 1) await own.store.add(say('live'), '2');
        if (heard.length === 2) stopping.abort();
      }

      assert.deepEqual(heard, ['missed', 'live']);
    });

    test('following ends when it is stopped while nothing happens', async () => {
      await using own = await opened(open);
      const stopping = new AbortController();
      const following = collect(own.store.follow(await own.store.cursor(), stopping.signal));

      stopping.abort();

      assert.deepEqual(await following, []);
    });

    test('who was greeted is here, and gone when that was too long ago', async () => {
      await using own = await opened(open);
      await own.store.greet(['ben', 'ana'], 60_000);

      assert.deepEqual(await own.store.greet(['ana'], 60_000), ['ana', 'ben']);
      assert.deepEqual(await own.store.greet([], -1), []);
    });
  });
}

async function opened(open: () => Promise<WebStore & Partial<AsyncDisposable>>) {
  const store = await open();
  return { store, [Symbol.asyncDispose]: async () => store[Symbol.asyncDispose]?.() };
}

async function collect(events: AsyncIterable<WebEvent>): Promise<WebEvent[]> {
  return Array.fromAsync(events);
}

function say(text: string): NewMessage {
  const card: Card = { tone: 'info', fallback: text, blocks: [{ kind: 'text', text }] };
  return { channel: 'ops', content: { kind: 'card', card } };
}

function textOf({ content }: NewMessage): string {
  return content.kind === 'card' ? content.card.fallback : content.text;
}
