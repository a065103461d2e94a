import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Account } from '#chat/platform.ts';
import { connectRedis } from '#jobs/engine/redis.ts';
import { freshRedis } from '../test/redis.ts';
import { openPeople } from './people.ts';

const slackAna: Account = { account: 'slack:T1:U1', name: 'ana.k', groups: ['slack:ops'] };
const discordAna: Account = { account: 'discord:900', name: 'anak', groups: [] };
const mallory: Account = { account: 'discord:666', name: 'mallory', groups: [] };

const config = {
  people: [
    { key: 'ana', name: 'Ana', groups: ['platform'], accounts: ['slack:T1:U1'] },
    { key: 'ben', name: 'Ben', groups: [], accounts: [] },
  ],
  groups: { admins: ['slack:ops', 'ben'], night: ['discord:901'], all: ['night'] },
  rules: [],
};

async function open() {
  const { url, prefix } = await freshRedis();
  const redis = connectRedis(url, 'blocking');
  const outsideOf = async (account: string) => (account === 'discord:666' ? 'you left' : undefined);
  const groupsOf = async (account: string) => (account === 'slack:T1:U1' ? ['slack:ops'] : []);
  return { people: openPeople(redis, prefix, config, groupsOf, outsideOf), [Symbol.dispose]: () => redis.disconnect() };
}

test('the configuration says who an account is, and which groups that gives', async () => {
  using setting = await open();

  const ana = await setting.people.whoIs(slackAna);

  assert.deepEqual(ana, {
    ...{ key: 'ana', account: 'slack:T1:U1', name: 'Ana' },
    groups: ['slack:ops', 'platform', 'admins'],
    known: true,
  });
});

test('an account that nobody knows stands for itself', async () => {
  using setting = await open();

  const person = await setting.people.whoIs(discordAna);

  assert.deepEqual(person, { ...discordAna, key: 'discord:900', known: false });
});

test('joined accounts are one person, with the groups of both', async () => {
  using setting = await open();
  const { people } = setting;

  await people.join(await people.whoIs(slackAna), await people.whoIs(discordAna));

  const joined = await people.whoIs(discordAna);
  assert.equal(joined.key, 'ana');
  assert.deepEqual(joined.groups, ['platform', 'slack:ops', 'admins'], 'with the groups of their other account');
  assert.deepEqual(new Set(await people.namesOf('ana')), new Set(['ana', 'slack:T1:U1', 'discord:900']));
  assert.equal(await people.accountOn('discord', 'ana'), 'discord:900');
});

test('a group of the configuration counts wherever its person acts', async () => {
  using setting = await open();
  const { people } = setting;
  const nightly = { ...discordAna, account: 'discord:901' };

  await people.join(await people.whoIs(slackAna), await people.whoIs(nightly));

  assert.ok((await people.whoIs(slackAna)).groups.includes('night'));
});

test('one whom the configuration knows keeps their key, whoever made the code', async () => {
  using setting = await open();
  const { people } = setting;

  const joined = await people.join(await people.whoIs(discordAna), await people.whoIs(slackAna));

  assert.equal(joined.key, 'ana');
  assert.equal((await people.whoIs(discordAna)).key, 'ana');
});

test('two people of the configuration are never joined', async () => {
  using setting = await open();
  const { people } = setting;

  await assert.rejects(
    people.join(await people.whoIs(slackAna), await people.whoIs({ account: 'ben', name: 'Ben', groups: [] })),
    /ana and ben are two people/,
  );
});

test('an account that was joined stands for itself again when it wants to', async () => {
  using setting = await open();
  const { people } = setting;
  await people.join(await people.whoIs(slackAna), await people.whoIs(mallory));

  await people.unlink(await people.whoIs(mallory));

  assert.equal((await people.whoIs(mallory)).key, 'discord:666');
  await assert.rejects(people.unlink(await people.whoIs(slackAna)), /The configuration says that .* is Ana/);
});

test('known is who stands in people or is in a group that the configuration names', async () => {
  using setting = await open();
  const known = async (account: Account) => (await setting.people.whoIs(account)).known;

  assert.equal(await known(slackAna), true);
  assert.equal(await known({ account: 'slack:T1:U7', name: 'gil', groups: ['slack:ops'] }), true);
  assert.equal(await known({ account: 'discord:901', name: 'night', groups: [] }), true);
  assert.equal(await known({ account: 'slack:T1:U8', name: 'hal', groups: ['slack:others'] }), false);
  assert.equal(await known(mallory), false);
});

test('a group that is made of a group of the configuration has all who are in that', async () => {
  using setting = await open();

  const { groups } = await setting.people.whoIs({ account: 'discord:901', name: 'night', groups: [] });

  assert.deepEqual(groups, ['night', 'all']);
});

test('from outside only those come in whom the configuration names with this very account', async () => {
  using setting = await open();
  const { people } = setting;
  const outside = 'you are of another Slack workspace (T1)';
  const left = { ...discordAna, outside: 'you are no member of the server' };
  await people.join(await people.whoIs(slackAna), await people.whoIs(discordAna));

  assert.equal((await people.whoIs({ ...slackAna, outside })).outside, undefined);
  assert.equal((await people.whoIs(left)).outside, left.outside, 'though it is linked to Ana');
});

test('who acted earlier has the groups that they are in now', async () => {
  using setting = await open();

  const ana = await setting.people.personOf({ key: 'ana', name: 'Ana' });
  const gone = await setting.people.personOf({ key: 'carl', name: 'Carl' });

  assert.deepEqual([ana.key, ana.groups, ana.known], ['ana', ['slack:ops', 'platform', 'admins'], true]);
  assert.deepEqual([gone.key, gone.groups, gone.known], ['carl', [], false]);
  const left = await setting.people.personOf({ key: 'discord:666', name: 'mallory' });
  assert.equal(left.outside, 'you left');
});
