import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Account } from '#chat/platform.ts';
import { ana, ben, eve, openHearing, stranger } from '../hear/hearing-for-tests.ts';

type Hearing = Awaited<ReturnType<typeof openHearing>>;

/** What this account was told next, after what it had been told before. */
async function answer(hearing: Hearing, by: Account, line: string): Promise<string> {
  const before = hearing.told.length;
  await hearing.type(by, line);
  return untilTold(hearing, by, before);
}

async function untilTold({ told }: Hearing, { account }: Account, before: number): Promise<string> {
  for (const end = Date.now() + 5000; Date.now() < end; ) {
    const found = told.slice(before).find((one) => one.account === account);
    if (found) return `${found.text}\n${JSON.stringify(found.card)}`;
    await new Promise((resolve) => setTimeout(resolve, 3));
  }
  throw new Error(`${account} was told nothing`);
}

async function codeOf(hearing: Hearing, by: Account): Promise<string> {
  return /me link (\w{8})/.exec(await answer(hearing, by, '/me link'))?.[1] ?? '';
}

test('an account becomes known by typing a code, whatever the rules say, when its maker has confirmed it', async () => {
  using hearing = await openHearing({ rules: [{ commands: ['*'], allow: ['platform'] }] });
  const { people } = hearing.office;
  const code = await codeOf(hearing, ana);

  const sure = await answer(hearing, eve, `/me link ${code.toLowerCase()}`);
  const before = hearing.told.length;
  const claimed = await answer(hearing, eve, `/me link ${code} --yes`);
  const asked = await untilTold(hearing, ana, before);
  const unconfirmed = await people.whoIs(eve);
  const confirmed = await answer(hearing, ana, `/me link ${code} --yes`);
  const joined = await people.whoIs(eve);

  assert.match(sure, /Ana \(ana\) made this code/);
  assert.match(claimed, /Ana has to confirm this now/);
  assert.match(asked, /Eve \(slack:T1:UEVE\) typed your code.*Yes, that is me|Yes, that is me/s);
  assert.deepEqual([unconfirmed.key, unconfirmed.known], ['slack:T1:UEVE', false]);
  assert.match(confirmed, /Eve \(slack:T1:UEVE\) is Ana \(ana\) now/);
  assert.deepEqual([joined.key, joined.known], ['ana', true]);
  assert.match(await answer(hearing, ben, `/me link ${code}`), /unknown, used or older/);
});

test('only somebody known makes a code, whatever everybody may', async () => {
  using hearing = await openHearing({ everybody: 'change' });

  await hearing.type(eve, '/me link');
  await hearing.type(eve, '/me link --yes');

  await untilTold(hearing, eve, 1);
  for (const { text } of hearing.told) assert.match(text, /\/me link is for people whom the configuration names/);
  assert.equal(hearing.told.length, 2);
});

test('whoever typed a code can’t confirm it, nor can somebody from elsewhere type it', async () => {
  using hearing = await openHearing();
  const code = await codeOf(hearing, ana);

  await answer(hearing, eve, `/me link ${code} --yes`);
  await answer(hearing, eve, `/me link ${code} --yes`);
  await hearing.type(stranger, `/me link ${code} --yes`);
  const other = await answer(hearing, { ...eve, account: 'slack:T1:UGIL', name: 'Gil' }, `/me link ${code} --yes`);

  assert.equal((await hearing.office.people.whoIs(eve)).key, 'slack:T1:UEVE');
  assert.match(hearing.told.find(({ account }) => account === stranger.account)?.text ?? '', /another Slack workspace/);
  assert.match(other, /Another account typed this code before/);
});

test('a code is guessed a few times an hour and no more, even rightly', async () => {
  using hearing = await openHearing();
  const code = await codeOf(hearing, ana);

  for (let at = 0; at < 5; at++) assert.match(await answer(hearing, eve, `/me link AAAAAAA${at}`), /unknown, used/);
  const right = await answer(hearing, eve, `/me link ${code}`);

  assert.match(right, /Wait an hour before the next/);
  assert.match(await answer(hearing, ben, `/me link ${code}`), /Ana \(ana\) made this code/);
});
