import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type APIComponentInContainer, ComponentType } from 'discord.js';
import { MessageCreateRequestSchema } from 'discord-api-spec/zod';
import fc from 'fast-check';
import type { Block, Card } from '#base/card.ts';
import { anyCard } from '../../../test/any-card.ts';
import { newMessage } from '../send/body.ts';
import { filesOf } from './files.ts';
import { fitCard } from './fit.ts';
import { lengthOf, most } from './limits.ts';
import { escaped } from './markdown.ts';
import { type Message, markOf } from './render.ts';

const roles = new Map([['discord:ops', '77']]);
const card = (...blocks: Block[]): Card => ({ tone: 'info', fallback: 'It is said.', blocks });
const partsOf = ({ components: [{ components }] }: Message) => components;
const buttonsOf = (message: Message) =>
  partsOf(message).flatMap((part) => (part.type === ComponentType.ActionRow ? part.components : []));
const textOf = (message: Message) =>
  partsOf(message)
    .flatMap((part: APIComponentInContainer) => (part.type === ComponentType.TextDisplay ? part.content : []))
    .join('\n');

test('any card becomes a message that Discord takes', () => {
  fc.assert(
    fc.property(anyCard, (any) => {
      const { body, files } = newMessage(any, { ids: roles }, 'a key');

      const read = MessageCreateRequestSchema.safeParse(body);
      assert.ok(read.success, JSON.stringify(read.error?.issues));
      const message = fitCard(any, roles, 'a key');
      const parts = partsOf(message);
      assert.ok(parts.length > 0 && 1 + parts.length + buttonsOf(message).length + files.length <= most.components);
      assert.equal(new Set(files.map(({ name }) => name)).size, files.length);
      assert.ok(lengthOf(textOf(message)) <= most.text + parts.length);
      const ids = buttonsOf(message).flatMap((button) => ('custom_id' in button ? button.custom_id : []));
      assert.equal(new Set(ids).size, ids.length);
    }),
    { numRuns: 100, examples: [[{ tone: 'info', fallback: '\n', blocks: [] }]] },
  );
});

test('what is too much is left out from the back, and counted; the buttons stay', () => {
  const rows = Array.from({ length: 600 }, (_, at) => [`vm-${at}`, 'running']);
  const actions = [{ label: 'Cancel', token: 'cancel' }];

  const message = fitCard(
    card({ kind: 'table', columns: ['Name', 'State'], rows }, { kind: 'actions', actions }),
    roles,
  );

  assert.match(textOf(message), /vm-0 .*…and \d+ more/s);
  assert.equal(buttonsOf(message).length, 1);
});

test('a table of sentences is lines of text, so that nobody reads half a sentence', () => {
  const about = 'Make a VM from a template and wait until it answers by SSH, and then say so.';
  const rows = [[{ code: '/vm create' }, about, '', { code: '/vm create k8s-dev' }]];

  const message = fitCard(card({ kind: 'table', columns: ['Command', 'What it does', '', 'Example'], rows }), roles);

  assert.equal(textOf(message), `**\`/vm create\`** · ${escaped(about)} · \`/vm create k8s-dev\``);
});

describe('nothing that a machine or a person is called becomes more than text', () => {
  for (const [hostile, shown] of [
    ['@everyone', '\\@\u200Beveryone'],
    ['<@123> <#1> <t:1:R> <:x:1>', '\\<\\@123\\> \\<\\#1\\> \\<t\\:1\\:R\\> \\<\\:x\\:1\\>'],
    ['**bold** __u__ ~~s~~ ||x||', '\\*\\*bold\\*\\* \\_\\_u\\_\\_ \\~\\~s\\~\\~ \\|\\|x\\|\\|'],
    ['[click](https://evil.example)', '\\[click\\]\\(https\\://evil.example\\)'],
    ['14:02: 5 of 6', '14\\:02: 5 of 6'],
    ['# heading\n- list\n1. one', '\\# heading\n\u200B- list\n\u200B1. one'],
  ] as const) {
    test(JSON.stringify(hostile), () => {
      assert.equal(escaped(hostile), shown);
    });
  }
});

test('code cannot end its own fence', () => {
  const [part] = partsOf(fitCard(card({ kind: 'code', text: 'a\n```\n@everyone' }), roles));

  assert(part?.type === ComponentType.TextDisplay);
  assert.equal(part.content.match(/```/g)?.length, 2);
});

test('of a file that is too large the end is left', () => {
  const [file] = filesOf(card({ kind: 'file', name: 'run log.txt', text: `first\n${'line\n'.repeat(2 ** 21)}last` }));

  assert.equal(file?.name, 'run-log.txt');
  assert.ok(file.data.length < most.fileBytes + 100);
  assert.match(file.data.toString().slice(0, 60), /^… the beginning is left out …\nline\n/);
});

test('exactly those are told with a sound that the card says', () => {
  const message = fitCard(
    { ...card({ kind: 'text', text: 'done' }), ping: ['discord:900', 'discord:ops', 'slack:T:U'] },
    roles,
  );

  assert.deepEqual(message.allowed_mentions, { parse: [], users: ['900'], roles: ['77'] });
  assert.match(textOf(message), /<@900> <@&77>/);
});

test('a message carries its key, and can be known by it', () => {
  const [container] = fitCard(card({ kind: 'text', text: 'x' }), roles, 'card:r-1').components;

  assert.equal(container.id, markOf('card:r-1'));
  assert.notEqual(markOf('card:r-1'), markOf('card:r-2'));
});
