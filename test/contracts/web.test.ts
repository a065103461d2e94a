import { RemoteError } from '#base/errors.ts';
import { makeLog } from '#base/log.ts';
import { takeNotes } from '#chat/notes-for-tests.ts';
import type { MessageRef } from '#chat/platform.ts';
import { openMemoryStore } from '#chat/web/memory-store.ts';
import type { WebStore } from '#chat/web/store.ts';
import { openWeb } from '#chat/web/web.ts';
import { openConsole } from '../console.ts';
import { platformContract } from './platform.ts';
import type { Stage } from './stage.ts';
import { webActor } from './web-actor.ts';
import { readConsole } from './web-reader.ts';

platformContract('the console', startStage);

const people = [
  { key: 'ana', name: 'Ana', groups: [] },
  { key: 'ben', name: 'Ben', groups: ['ops'] },
];

/** The console over HTTP, as its page uses it; test/slow/page.slow.ts tries the page itself in a browser. */
async function startStage(): Promise<Stage> {
  await using made = new AsyncDisposableStack();
  const store = trickyStore();
  const log = makeLog('web', 'silent');
  const open = () => openWeb({ host: '127.0.0.1', port: 0, store, people, signIn: 'pick', log });
  const notes = takeNotes();
  const start = async () => {
    const platform = open();
    await platform.start(notes.listener);
    made.defer(() => platform.stop());
    return platform;
  };
  const platform = await start();
  const { url } = platform;
  const twice = { next: false };
  const [ana, ben] = await Promise.all(
    ['ana', 'ben'].map(async (person) => {
      const channel = made.use(await openConsole(url, person));
      const direct = made.use(await openConsole(url, person, `@${person}`));
      return { actor: webActor(person, { channel, direct, twice }), channel };
    }),
  );
  if (!ana || !ben) throw new Error('nobody is there');
  const running = made.move();
  return {
    ...notes,
    ...readConsole(ben.channel, people),
    ...{ platform, ana: ana.actor, ben: ben.actor },
    place: { platform: 'web', channel: 'ops' },
    benIn: ['ops'],
    closed: undefined,
    another: async () => {
      const other = open();
      await other.start(notes.listener);
      running.defer(() => other.stop());
      return other;
    },
    until: soon,
    loseNextAnswer: store.loseNextAnswer,
    remove: store.remove,
    deliverTwice: () => {
      twice.next = true;
    },
    listens: () =>
      fetch(url).then(
        () => true,
        () => false,
      ),
    violations: () => [],
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** A store whose answer can get lost, and that can lose a message. */
function trickyStore(): WebStore & { loseNextAnswer(): void; remove(ref: MessageRef): void } {
  const store = openMemoryStore();
  const gone = new Set<string>();
  let losing = false;
  return {
    ...store,
    async add(message, key) {
      const filed = await store.add(message, key);
      if (!losing) return filed;
      losing = false;
      throw new RemoteError('Redis', 'The answer was lost.', { outcome: 'unknown' });
    },
    change: async (id, content) => (gone.has(id) ? undefined : store.change(id, content)),
    loseNextAnswer() {
      losing = true;
    },
    remove: ({ id }) => void gone.add(id),
  };
}

async function soon(look: () => boolean, what: string): Promise<void> {
  for (const begun = performance.now(); !look(); ) {
    if (performance.now() - begun > 5000) throw new Error(`no ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
