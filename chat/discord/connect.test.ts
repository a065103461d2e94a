import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '#base/clock.ts';
import { UserError } from '#base/errors.ts';
import type { Lead } from '#chat/lead.ts';
import type { ChatPlatform } from '#chat/platform.ts';
import { commands } from '#commands/table.ts';
import { bitsOf } from '#lab/discord/permissions.ts';
import type { DiscordLab } from '#lab/discord/start.ts';
import { takeNotes } from '../notes-for-tests.ts';
import { slashCommands } from './commands.ts';
import { openIn, startDiscord } from './test-discord.ts';
import { tryOutDiscord } from './try-out.ts';

test('commands are registered once, and only what changed is registered again', async () => {
  await using own = await startDiscord();
  const made = () => own.lab.calls.filter(({ route }) => route.startsWith('POST /applications')).length;
  const first = made();
  const [one] = own.lab.world.commands.values();
  assert(one);
  own.lab.world.commands.delete(one.id);

  await own.discord.stop();
  const next = openIn(own.lab);
  await next.start(own.listener);
  await next.stop();

  assert.equal(first, slashCommands(commands).length);
  assert.equal(made(), first + 1);
});

test('without a server commands are registered for every one, and in direct messages; with one these go away', async () => {
  await using own = await startDiscord({ guild: undefined });
  const { lab } = own;
  const ana = lab.user('ana');
  const scopes = () => new Set([...lab.world.commands.values()].map(({ guildId }) => guildId));
  await lab.until(() => lab.world.commands.size === slashCommands(commands).length, 'the commands');

  const before = scopes();
  await ana.type(ana.direct(), '/vm list');
  await own.discord.stop();
  const next = openIn(lab);
  await next.start(own.listener);
  await next.stop();

  assert.deepEqual([before, scopes()], [new Set([undefined]), new Set([lab.guildId])]);
  assert.equal(own.heard.commands[0]?.place.channel, ana.direct());
});

test('a wrong token is named, with where to find the right one', async () => {
  await using own = await startDiscord({ connect: false, token: 'a token of somebody else, long' });

  await assert.rejects(
    own.discord.start(own.listener),
    (error) => error instanceof UserError && /token/.test(error.message) && /Bot, Token/.test(error.hint ?? ''),
  );
  assert.match(whyDown(own.discord), /discord\.com\/developers/);
});

test('an intent that the application may not use is named', async () => {
  await using own = await startDiscord({ connect: false, lab: { refusedIntents: 1 } });

  await assert.rejects(
    own.discord.start(own.listener),
    (error) => error instanceof UserError && /intent Guilds/.test(error.message),
  );
  assert.match(whyDown(own.discord), /Privileged Gateway Intents/);
});

test('the token can be tried without a session', async () => {
  await using own = await startDiscord({ connect: false });
  const settings = { token: own.lab.token, guild: own.lab.guildId, apiUrl: own.lab.api };

  const good = await tryOutDiscord(settings);

  assert.match(good, /the bot is \S+, and has its permissions in the server \d+/);
  await assert.rejects(
    tryOutDiscord({ ...settings, guild: '123456789012345678' }),
    /discord\.guild: .* 123456789012345678/,
  );
  await assert.rejects(tryOutDiscord({ ...settings, token: `${own.lab.token}x` }), /discord\.token: it does not know/);
  assert.equal(own.lab.gateway.connected(), 0);
});

test('a server that the bot was not invited to is named', async () => {
  await using own = await startDiscord({ connect: false, guild: '123456789012345678' });

  await assert.rejects(
    own.discord.start(own.listener),
    (error) =>
      error instanceof UserError && /123456789012345678/.test(error.message) && /invite/.test(error.hint ?? ''),
  );
});

test('permissions that the bot lacks in the server are named, and people are heard all the same', async () => {
  await using own = await startDiscord({ connect: false });
  const { lab, discord } = own;
  const everybody = lab.world.roles.get(lab.guildId);
  assert(everybody);
  const permissions = everybody.permissions & ~bitsOf('attachFiles', 'sendMessagesInThreads');
  lab.world.roles.set(everybody.id, { ...everybody, permissions });

  await discord.start(own.listener);
  await untilTrue(() => hasFlaw(discord));

  const health = discord.health();
  assert.match(health.up ? (health.but ?? '') : '', /lacks the permissions Attach Files, Send Messages in Threads in/);
});

test('a bot that is removed from the server says so, and one that is invited again is well', async () => {
  await using own = await startDiscord();

  own.lab.removeBot();
  await untilTrue(() => !own.discord.health().up);
  const removed = whyDown(own.discord);
  own.lab.inviteBot();
  await untilTrue(() => own.discord.health().up);

  assert.match(removed, /removed from the server: open the invite link again/);
});

test('a token that is taken back while it runs is noticed', async () => {
  await using own = await startDiscord();

  own.lab.resetToken();

  await own.lab.until(() => !own.discord.health().up, 'trouble');
  assert.match(whyDown(own.discord), /token/);
});

const moments = {
  'before Discord said where': (lab: DiscordLab) => lab.calls.some(({ route }) => route === 'GET /gateway/bot'),
  'as soon as it is there': (lab: DiscordLab) => lab.gateway.connected() > 0,
} as const;

for (const [moment, reached] of Object.entries(moments)) {
  test(`one that is stopped while its session begins, ${moment}, leaves none behind`, async () => {
    await using own = await startDiscord({ connect: false });
    const { lab, discord, listener } = own;
    lab.faults.push({ on: 'rest', path: '/gateway/bot', mode: 'slow', delayMs: 50 });
    const starting = discord.start(listener);

    await lab.until(() => reached(lab), moment);
    await discord.stop();
    await starting;
    const next = openIn(lab);
    await next.start(listener);
    const sessions = lab.gateway.connected();
    await next.stop();

    assert.equal(sessions, 1);
    assert.equal(lab.gateway.connected(), 0);
  });
}

test('of two gateways the one that leads hears, both send, and the other one goes on when it ends', async () => {
  const lead = inTurn();
  await using own = await startDiscord({ lead });
  const { heard, listener } = takeNotes();
  const second = openIn(own.lab, { lead });
  const ana = own.lab.user('ana');
  const starting = second.start(listener);

  await ana.type('ops', '/vm list');
  await second.post(own.place, { tone: 'info', fallback: 'x', blocks: [] }, { key: 'k', again: false });
  assert.deepEqual([own.heard.commands.length, heard.commands.length, own.lab.gateway.connected()], [1, 0, 1]);
  assert.deepEqual(second.health(), { up: true });
  await own.discord.stop();
  await own.lab.until(() => own.lab.gateway.connected() === 1, 'the second session');
  await ana.type('ops', '/vm list');
  await second.stop();
  await starting;

  assert.deepEqual([own.heard.commands.length, heard.commands.length], [1, 1]);
});

test('a lease that is lost ends the session', async () => {
  const lost = new AbortController();
  await using own = await startDiscord({
    lead: async (_, act, until) => {
      await act(AbortSignal.any([until, lost.signal]));
    },
  });

  lost.abort();

  await own.lab.until(() => own.lab.gateway.connected() === 0, 'no session');
  assert.deepEqual(own.discord.health(), { up: true });
});

test('what is typed while the connection is broken is heard when it is back, if somebody still waits for it', async () => {
  await using own = await startDiscord();
  const ana = own.lab.user('ana');

  own.lab.gateway.drop(true);
  const [shown] = await Promise.all([ana.type('ops', '/vm list')]);
  own.lab.gateway.drop(true);
  const failing = ana.type('ops', '/vm show vm:100');
  own.lab.pass(3100);
  const failed = await failing;
  await own.lab.until(() => own.lab.gateway.connected() === 1, 'the session');
  const after = await ana.type('ops', '/node list');

  assert.deepEqual([shown.what, failed.what, after.what], ['message', 'failed', 'message']);
  assert.deepEqual(
    own.heard.commands.map(({ text }) => text),
    ['/vm list', '/node list'],
  );
});

test('after Discord was away, people are heard again', async () => {
  await using own = await startDiscord({ haste: 100 });

  await own.lab.goOffline();
  await assert.rejects(own.discord.direct('discord:900000000000000010'));
  assert.match(whyDown(own.discord), /connect/);
  await own.lab.goOnline();
  await own.lab.until(() => own.lab.gateway.connected() === 1, 'the session');
  await own.lab.user('ana').type('ops', '/vm list');

  assert.equal(own.heard.commands.length, 1);
  assert.deepEqual(own.discord.health(), { up: true });
});

/** Looks every few milliseconds, for what the lab is not told. */
async function untilTrue(look: () => boolean): Promise<void> {
  while (!look()) await systemClock.sleep(5);
}

function hasFlaw(discord: Pick<ChatPlatform, 'health'>): boolean {
  const health = discord.health();
  return health.up && health.but !== undefined;
}

function whyDown(discord: Pick<ChatPlatform, 'health'>): string {
  const health = discord.health();
  return health.up ? 'it is up' : health.why;
}

/** Leads one after the other, in the order in which they asked. */
function inTurn(): Lead {
  let last = Promise.resolve();
  return (_, act, until) => {
    const turn = last.then(() => (until.aborted ? undefined : act(until)));
    last = turn.catch(() => undefined);
    return turn;
  };
}
