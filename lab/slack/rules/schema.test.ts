import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { wrongBlocks } from './blocks.ts';
import { wrongView } from './view.ts';

const text = (length: number, type = 'plain_text') => ({ type, text: 'x'.repeat(length) });
const button = (more: object = {}) => ({ type: 'button', action_id: 'a', text: text(5), ...more });
const actions = (...elements: object[]) => ({ type: 'actions', elements });
const options = (count: number, value = 5) =>
  Array.from({ length: count }, (_, at) => ({ text: text(5), value: `${at}`.padStart(value, 'v') }));
const select = (more: object) => actions({ type: 'static_select', action_id: 's', options: options(2), ...more });
const modal = (more: object = {}) => ({ type: 'modal', title: text(24), blocks: [], ...more });
const input = { type: 'input', label: text(5), element: { type: 'plain_text_input', action_id: 'v' } };

describe('what Slack takes in a message', () => {
  const right: Readonly<Record<string, object>> = {
    'a section of 3000 characters': { type: 'section', text: text(3_000, 'mrkdwn') },
    'ten fields': { type: 'section', fields: Array.from({ length: 10 }, () => text(2_000, 'mrkdwn')) },
    'a header of 150': { type: 'header', text: text(150) },
    '25 buttons': actions(...Array.from({ length: 25 }, (_, at) => button({ action_id: `a${at}` }))),
    'a label of 75, a value of 2000': actions(button({ text: text(75), value: 'v'.repeat(2_000) })),
    '100 options': select({ options: options(100) }),
    'a table of 100 rows': {
      type: 'table',
      rows: Array.from({ length: 100 }, () => [{ type: 'raw_text', text: 'x' }]),
    },
  };
  for (const [what, block] of Object.entries(right)) {
    test(what, () => assert.deepEqual(wrongBlocks([block], 'message', '/blocks'), []));
  }
});

describe('what Slack refuses in a message', () => {
  const wrong: Readonly<Record<string, readonly object[]>> = {
    'a section of 3001 characters': [{ type: 'section', text: text(3_001, 'mrkdwn') }],
    'a section of nothing': [{ type: 'section' }],
    'an empty text': [{ type: 'section', text: text(0, 'mrkdwn') }],
    'eleven fields': [{ type: 'section', fields: Array.from({ length: 11 }, () => text(1, 'mrkdwn')) }],
    'a header of 151': [{ type: 'header', text: text(151) }],
    '26 buttons': [actions(...Array.from({ length: 26 }, (_, at) => button({ action_id: `a${at}` })))],
    'no buttons': [actions()],
    'a label of 76': [actions(button({ text: text(76) }))],
    'a value of 2001': [actions(button({ value: 'v'.repeat(2_001) }))],
    'an action id of 256': [actions(button({ action_id: 'a'.repeat(256) }))],
    'markup on a button': [actions(button({ text: text(5, 'mrkdwn') }))],
    'two elements of one action id': [actions(button(), button())],
    'two blocks of one id': [
      { type: 'divider', block_id: 'b' },
      { type: 'divider', block_id: 'b' },
    ],
    '101 options': [select({ options: options(101) })],
    'no options': [select({ options: [] })],
    'an option value of 151': [select({ options: options(1, 151) })],
    'eleven elements in a context': [
      { type: 'context', elements: Array.from({ length: 11 }, () => text(1, 'mrkdwn')) },
    ],
    'a table of 101 rows': [
      { type: 'table', rows: Array.from({ length: 101 }, () => [{ type: 'raw_text', text: 'x' }]) },
    ],
    'a table of 21 columns': [
      { type: 'table', rows: [Array.from({ length: 21 }, () => ({ type: 'raw_text', text: 'x' }))] },
    ],
    'two tables': Array.from({ length: 2 }, () => ({ type: 'table', rows: [[{ type: 'raw_text', text: 'x' }]] })),
    'an unknown block': [{ type: 'nonsense' }],
    'an unknown property': [{ type: 'divider', colour: 'red' }],
    'an alert, which stands in modals only': [{ type: 'alert', text: text(5) }],
    '51 blocks': Array.from({ length: 51 }, () => ({ type: 'divider' })),
  };
  for (const [what, blocks] of Object.entries(wrong)) {
    test(what, () => assert.notDeepEqual(wrongBlocks(blocks, 'message', '/blocks'), []));
  }
});

test('views are checked with their frames', () => {
  const wrong = (view: object) => wrongView(view, 'modal').length > 0;

  const results = [
    wrong(modal()),
    wrong(modal({ title: text(25) })),
    wrong(modal({ blocks: [input] })),
    wrong(modal({ blocks: [input], submit: text(24) })),
    wrong(modal({ private_metadata: 'x'.repeat(3_001) })),
    wrong(modal({ blocks: Array.from({ length: 101 }, () => ({ type: 'divider' })) })),
    wrong(modal({ colour: 'red' })),
    wrong({ type: 'home', blocks: [] }),
  ];

  assert.deepEqual(results, [false, true, true, false, true, true, true, true]);
});
