import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Action, Card } from '#base/card.ts';
import { systemClock } from '#base/clock.ts';
import { RemoteError } from '#base/errors.ts';
import { once } from '#chat/once-for-tests.ts';
import { buttonsOf, textOf } from '#lab/discord/people/look.ts';
import type { Notes } from '../notes-for-tests.ts';
import { startDiscord } from './test-discord.ts';

const cancel = { label: 'Cancel', token: 'cancel-token', tone: 'danger' as const, confirm: 'Take it back?' };
const withButtons = (...actions: Action[]): Card => ({
  ...{ tone: 'running', fallback: 'It runs.' },
  blocks: [{ kind: 'actions', actions }],
});
const tokensOf = ({ presses }: Notes['heard']) => presses.map(({ token }) => token);

test('a button brings its token, and the place of its message', async () => {
  await using own = await startDiscord();
  const { id } = await own.discord.post(own.place, withButtons({ label: 'Show log', token: 'log-token' }), once('k'));

  const shown = await own.lab.user('ana').press(id, 'Show log');

  assert.equal(shown.what, 'nothing');
  assert.deepEqual(tokensOf(own.heard), ['log-token']);
  assert.deepEqual(own.heard.presses[0]?.place, own.place);
});

test('a button that asks once more does so privately, in its own words, and once', async () => {
  await using own = await startDiscord();
  const { id } = await own.discord.post(own.place, withButtons(cancel), once('k'));
  const ana = own.lab.user('ana');

  const sure = await ana.press(id, 'Cancel');
  const before = tokensOf(own.heard);
  assert(sure.message);
  const pressed = await ana.press(sure.message, 'Cancel');

  assert.deepEqual([sure.ephemeral, sure.text], [true, '✋ **Cancel**: Take it back?']);
  assert.deepEqual([before, tokensOf(own.heard)], [[], ['cancel-token']]);
  assert.deepEqual([pressed.what, pressed.text, buttonsOf(sure.message)], ['updated', '-# Cancel: pressed.', []]);
});

test('a press whose answer is late says nothing yet, and a form that comes late is asked for again', async () => {
  await using own = await startDiscord({ patienceMs: 20 });
  own.does.press = async () => {
    await systemClock.sleep(60);
    return { token: 'form-token', title: 'Reject', send: 'Reject', fields: [] };
  };
  const { id } = await own.discord.post(own.place, withButtons({ label: 'Reject', token: 't' }), once('k'));

  const shown = await own.lab.user('ana').press(id, 'Reject');
  await own.lab.until(() => own.lab.ephemerals('ana').some((one) => /too long for a form/.test(textOf(one))));

  assert.equal(shown.what, 'nothing');
});

test('when a press was not kept, its author is told', async () => {
  await using own = await startDiscord();
  own.does.press = () => Promise.reject(new RemoteError('Redis', 'it cannot be reached.', { outcome: 'passing' }));
  const { id } = await own.discord.post(own.place, withButtons({ label: 'Keep', token: 't' }), once('k'));

  const shown = await own.lab.user('ana').press(id, 'Keep');

  assert.equal(shown.ephemeral, true);
  assert.match(shown.text, /cannot be reached.*Press it again/);
});

test('in direct messages people have the roles that they have in the server', async () => {
  await using own = await startDiscord();
  const place = await own.discord.direct('discord:900000000000000011');
  const { id } = await own.discord.post(place, withButtons({ label: 'Approve', token: 't' }), once('k'));

  await own.lab.user('ben').press(id, 'Approve');

  const [press] = own.heard.presses;
  assert.deepEqual(press?.by.groups.toSorted(), ['discord:ops', 'discord:platform']);
  assert.deepEqual(press.place, place);
});
