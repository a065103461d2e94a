import { randomUUID } from 'node:crypto';
import type { Action, Block, Card } from '#base/card.ts';
import { plain } from '#base/card.ts';
import { startPatience } from './patience.ts';

/** A message of the web console, as its event stream tells it. */
export interface Shown {
  readonly id: string;
  readonly channel: string;
  readonly thread?: string;
  readonly to?: string;
  readonly content: { readonly kind: 'card'; readonly card: Card } | { readonly kind: 'typed'; readonly text: string };
}

/** A person in front of the web console, over HTTP as a browser would. */
export interface ConsoleUser extends AsyncDisposable {
  /** Everything that this person has seen, newest state of each message, in order of posting. */
  readonly messages: ReadonlyMap<string, Shown>;
  type(text: string, id?: string): Promise<Response>;
  /** Presses the button with this label on the newest card that has one, or on this message. */
  press(label: string, id?: string, message?: string): Promise<Response>;
  /** Sends the form that the last press or line opened. */
  fill(values: Readonly<Record<string, string | true>>, id?: string): Promise<Response>;
  /** The lines offered for what stands in the prompt. */
  complete(line: string): Promise<readonly string[]>;
  /** The words offered in a field of the form that the last press or line opened. */
  words(field: string, typed: string): Promise<readonly string[]>;
  /** What waits for this person, and what is theirs. */
  home(): Promise<Card>;
  /** Resolves with the first card, old or new, whose text fits; rejects after `limitMs`, with what was seen instead. */
  until(pattern: RegExp, limitMs?: number): Promise<Card>;
  /** All cards' texts, for messages of failing tests. */
  transcript(): string;
}

/** Signs in as a person where anybody may be picked (the lab), and follows a channel. `broken` is told when that breaks off. */
export async function openConsole(
  url: string,
  person: string,
  channel = 'ops',
  broken: (error: unknown) => void = throwIt,
): Promise<ConsoleUser> {
  const call = (path: string, init: RequestInit = {}, token = '') =>
    fetch(new URL(path, url), {
      ...init,
      headers: {
        Origin: new URL(url).origin,
        'Content-Type': 'application/json',
        ...(token ? { Authorization: `Bearer ${token}` } : {}),
        ...init.headers,
      },
    });
  const session = await call('/api/sessions', { method: 'POST', body: JSON.stringify({ person }) });
  if (!session.ok) throw new Error(`no session for ${person}: ${session.status} ${await session.text()}`);
  const { token } = (await session.json()) as { token: string };
  const messages = new Map<string, Shown>();
  const waiting = new Set<() => void>();
  const stopping = new AbortController();
  const stream = await call(`/api/events?${new URLSearchParams({ channel })}`, { signal: stopping.signal }, token);
  const reading = read(stream, (event, data) => {
    const seen =
      event === 'snapshot' ? (data as { messages: Shown[] }).messages : event === 'message' ? [data as Shown] : [];
    for (const message of seen) messages.set(message.id, message);
    for (const look of waiting) look();
  }).catch((error: unknown) => {
    if (!stopping.signal.aborted) broken(error);
  });

  let form: { readonly token: string } | undefined;
  /** Posts, and remembers the form that comes back. */
  async function send(path: string, body: object): Promise<Response> {
    const response = await call(path, { method: 'POST', body: JSON.stringify(body) }, token);
    const said = (await response
      .clone()
      .json()
      .catch(() => ({}))) as { form?: { token: string } };
    form = said.form ?? form;
    return response;
  }

  const cards = () =>
    [...messages.values()].flatMap(({ id, content }) => (content.kind === 'card' ? [{ id, card: content.card }] : []));
  const transcript = () =>
    cards()
      .map(({ card }) => textOf(card))
      .join('\n---\n');
  return {
    messages,
    transcript,
    type: (text, id = randomUUID()) => send('/api/commands', { id, channel, text }),
    async press(label, id = randomUUID(), message) {
      for (const { id: found, card } of cards().toReversed()) {
        const action = actionsOf(card).find((one) => one.label === label && (message ?? found) === found);
        if (action && 'token' in action) return send('/api/presses', { id, message: found, token: action.token });
      }
      throw new Error(`no button "${label}" in:\n${transcript()}`);
    },
    fill(values, id = randomUUID()) {
      if (form === undefined) throw new Error('no form was opened');
      return send('/api/forms', { id, channel, token: form.token, values });
    },
    async complete(line) {
      const answer = await call(`/api/complete?${new URLSearchParams({ line })}`, {}, token);
      const { completions } = (await answer.json()) as { completions: { line: string }[] };
      return completions.map((one) => one.line);
    },
    async words(field, typed) {
      const answer = await call(
        `/api/words?${new URLSearchParams({ token: form?.token ?? '', field, typed, channel })}`,
        {},
        token,
      );
      const { words } = (await answer.json()) as { words: { word: string }[] };
      return words.map(({ word }) => word);
    },
    async home() {
      const answer = await call(`/api/home?${new URLSearchParams({ channel })}`, {}, token);
      return ((await answer.json()) as { card: Card }).card;
    },
    until(pattern, limitMs = 30_000) {
      return new Promise((resolve, reject) => {
        const stop = startPatience(limitMs, () => {
          waiting.delete(look);
          reject(new Error(`${pattern} did not appear within ${limitMs} ms; seen:\n${transcript()}`));
        });
        function look() {
          const found = cards().find(({ card }) => pattern.test(textOf(card)));
          if (!found) return;
          stop();
          waiting.delete(look);
          resolve(found.card);
        }
        waiting.add(look);
        look();
      });
    },
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await reading;
    },
  };
}

/** A card's words, one block a line, as a person reads them. */
export function textOf(card: Card): string {
  return card.blocks.map(blockText).join('\n');
}

function blockText(block: Block): string {
  switch (block.kind) {
    case 'title':
    case 'text':
    case 'small':
      return plain(block.text);
    case 'fields':
      return block.fields.map(({ name, value }) => `${name}: ${plain(value)}`).join('\n');
    case 'progress':
      return `${block.done}/${block.total} ${block.label}`;
    case 'steps':
      return block.steps.map(({ state, label, note }) => `[${state}] ${label}${note ? ` (${note})` : ''}`).join('\n');
    case 'table':
      return block.rows.map((row) => row.map(plain).join(' | ')).join('\n');
    case 'code':
      return block.text;
    case 'actions':
      return block.actions.map(({ label }) => `<${label}>`).join(' ');
    case 'file':
      return `[${block.name}] ${block.text}`;
    case 'offers':
      return '';
  }
}

function actionsOf(card: Card): readonly Action[] {
  return card.blocks.flatMap((block) => (block.kind === 'actions' ? block.actions : []));
}

function throwIt(error: unknown): never {
  throw error;
}

async function read(response: Response, tell: (event: string, data: unknown) => void): Promise<void> {
  if (!response.body) throw new Error(`no events: ${response.status}`);
  let rest = '';
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    const parts = (rest + chunk).split('\n\n');
    rest = parts.pop() ?? '';
    for (const part of parts) {
      const field = (name: string) =>
        part
          .split('\n')
          .find((line) => line.startsWith(`${name}: `))
          ?.slice(name.length + 2);
      const event = field('event');
      if (event) tell(event, JSON.parse(field('data') ?? 'null'));
    }
  }
}
