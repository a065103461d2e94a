import { randomUUID } from 'node:crypto';
import type { Card } from '#base/card.ts';
import { makeLog } from '#base/log.ts';
import type { Form } from '#chat/form.ts';
import { writeLine } from '#chat/menu.ts';
import { openMemoryStore } from '#chat/web/memory-store.ts';
import { maySee, type WebMessage } from '#chat/web/store.ts';
import { openWeb } from '#chat/web/web.ts';
import { commands } from '#commands/table.ts';
import { openConsole, textOf } from '../console.ts';
import { platformContract } from './platform.ts';
import { type Actor, type Stage, takeNotes } from './stage.ts';

platformContract('the console', startStage);

const people = [
  { key: 'ana', name: 'Ana', groups: [] },
  { key: 'ben', name: 'Ben', groups: ['ops'] },
];

async function startStage(): Promise<Stage> {
  const store = openMemoryStore();
  const log = makeLog('web', 'silent');
  const platform = openWeb({ host: '127.0.0.1', port: 0, store, people, signIn: 'pick', log });
  const notes = takeNotes();
  await platform.start(notes.listener);
  const [ana, ben] = await Promise.all(['ana', 'ben'].map((person) => actor(person)));
  if (!ana || !ben) throw new Error('nobody is there');
  let losing = false;
  let twice = false;

  async function actor(person: string): Promise<Actor & AsyncDisposable> {
    const user = await openConsole(platform.url, person);
    let form: Form | undefined;
    const seen = (channel: string, alone: boolean) =>
      all(channel).filter((message) => maySee(message, person) && (message.to === person) === alone);
    const saw = async (response: Response) => {
      const said = (await response.json()) as { form?: Form; error?: { message: string } };
      form = said.form ?? form;
      if (said.error) complaints.push(said.error.message);
    };
    const complaints: string[] = [];
    return {
      account: person,
      async run(command, values = {}) {
        const item = commands.find(({ path }) => path === command);
        if (!item) throw new Error(`there is no /${command}`);
        const [line, id] = [writeLine(item, values), randomUUID()];
        const response = await user.type(line, id);
        // The page leaves a line that was refused where it was typed.
        if (!response.ok) complaints.push(line);
        await saw(response);
        if (twice) await user.type(line, id);
        twice = false;
      },
      async press(_, label) {
        await soon(() => user.transcript().includes(`<${label}>`), label);
        await saw(await user.press(label));
      },
      async fill(values) {
        const given = Object.entries(values).map(([name, value]) => [name, value === true ? true : String(value)]);
        await user.fill(Object.fromEntries(given));
      },
      formOpen: () => form !== undefined,
      words: async () => [],
      whispers: () => [...complaints, ...seen('ops', true).map(textIn)],
      direct: () => seen(`@${person}`, true).map(textIn),
      [Symbol.asyncDispose]: () => user[Symbol.asyncDispose](),
    };
  }

  const known: WebMessage[] = [];
  const following = new AbortController();
  const cursor = await store.cursor();
  const follow = (async () => {
    for await (const { message } of store.follow(cursor, following.signal)) {
      const at = known.findIndex(({ id }) => id === message.id);
      if (at < 0) known.push(message);
      else known[at] = message;
    }
  })().catch(() => undefined);
  const all = (channel: string) => known.filter((message) => message.channel === channel);

  return {
    ...notes,
    platform: {
      ...platform,
      name: platform.name,
      async post(place, card, posting) {
        const ref = await platform.post(place, card, posting);
        if (losing) {
          losing = false;
          throw new Error('the answer was lost');
        }
        return ref;
      },
    },
    place: { platform: 'web', channel: 'ops' },
    ...{ ana, ben },
    benIn: ['ops'],
    messages: () =>
      all('ops')
        .filter(({ to, thread, content }) => to === undefined && thread === undefined && content.kind === 'card')
        .map(textIn),
    thread: ({ id }) => known.filter(({ thread }) => thread === id).map(textIn),
    files: ({ id }) => known.filter((message) => message.id === id).flatMap(filesIn),
    until: soon,
    loseNextAnswer: () => {
      losing = true;
    },
    remove: undefined,
    deliverTwice: () => {
      twice = true;
    },
    violations: () => [],
    async [Symbol.asyncDispose]() {
      following.abort();
      await follow;
      await ana[Symbol.asyncDispose]();
      await ben[Symbol.asyncDispose]();
      await platform.stop();
    },
  };
}

async function soon(look: () => boolean, what: string): Promise<void> {
  for (const begun = performance.now(); !look(); ) {
    if (performance.now() - begun > 5000) throw new Error(`no ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const cardIn = ({ content }: WebMessage): Card | undefined => (content.kind === 'card' ? content.card : undefined);

function textIn(message: WebMessage): string {
  const card = cardIn(message);
  return card ? textOf(card) : message.content.kind === 'typed' ? message.content.text : '';
}

function filesIn(message: WebMessage): string[] {
  return (cardIn(message)?.blocks ?? []).flatMap((block) => (block.kind === 'file' ? [block.name] : []));
}
