import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isForm } from '#chat/form.ts';
import type { Account } from '#chat/platform.ts';
import { makeKeys } from '#jobs/engine/keys.ts';
import { type RunState, runStates } from '#jobs/engine/record.ts';
import { jobs } from '#jobs/table.ts';
import { ana, ben, eve, openHearing } from '../hear/hearing-for-tests.ts';
import type { Planned } from './buttons.ts';
import { runCard } from './run-card.ts';

type Hearing = Awaited<ReturnType<typeof openHearing>>;
type Role = 'asker' | 'other' | 'unknown';

const roles: Readonly<Record<Role, Account>> = { asker: ana, other: ben, unknown: eve };

/** The buttons on the card of a new job of Ana's in this state. */
async function draw(hearing: Hearing, job: string, state: RunState) {
  const run = await hearing.put(job, state);
  const record = await hearing.runs.read(run);
  assert.ok(record);
  const { buttons } = runCard(record, [], { job: jobs.get(job), typical: new Map(), onBoard: false });
  return { run, buttons };
}

/** What came of a press: what changed, or what the person was shown. */
async function press(hearing: Hearing, by: Account, { meaning }: Planned): Promise<string> {
  const before = (await hearing.changed()).length;
  const heard = await hearing.press(by, meaning);
  if (isForm(heard)) return 'a form';
  const changed = (await hearing.changed()).slice(before);
  if (changed.length > 0) return `changed: ${changed.join(', ')}`;
  for (const end = Date.now() + 5000; Date.now() < end; ) {
    const told = hearing.told.find(({ account }) => account === by.account);
    if (told) return `told: ${told.text}`;
    await new Promise((resolve) => setTimeout(resolve, 3));
  }
  return 'nothing';
}

/** Buttons that only show something do so for everybody; the others change something for those who may. */
function expected(role: Role, { label, meaning }: Planned): RegExp {
  const shows = meaning.kind === 'run' && ['log', 'watch', 'plan'].includes(meaning.verb);
  if (shows) return /^told: (?!.*(can't|not known|too old|ended already|I don't know))/s;
  if (role === 'unknown') return /^told: Eve, I don't know you/;
  // Somebody else's button stands on the same card.
  if (role === 'asker' && label === 'Approve') return /^told: You asked for this yourself/;
  return meaning.kind === 'reject' ? /^a form$/ : /^changed: /;
}

for (const state of runStates) {
  for (const job of ['vm create', 'vm destroy']) {
    test(`every button on the card of a ${job} that is ${state} works, for whoever presses it`, async () => {
      using hearing = await openHearing();
      const { buttons } = await draw(hearing, job, state);

      for (const { label } of buttons) {
        for (const [role, by] of Object.entries(roles) as [Role, Account][]) {
          const fresh = await draw(hearing, job, state);
          const button = fresh.buttons.find((one) => one.label === label);
          assert.ok(button, `${label} is on every such card`);
          hearing.told.length = 0;

          assert.match(await press(hearing, by, button), expected(role, button), `${state}: ${label}, for ${role}`);
        }
      }
    });
  }
}

test('a job that is being stopped offers no second Cancel', async () => {
  using hearing = await openHearing();
  const run = await hearing.put('vm create', 'running');
  // A worker is at it, and has not heard of it yet.
  await hearing.redis.hset(makeKeys(hearing.prefix).run(run), 'leaseUntil', Date.now() + 60_000);
  await hearing.runs.cancel(run, { key: 'ana', name: 'Ana' });
  const record = await hearing.runs.read(run);
  assert.equal(record?.state, 'running');
  const { buttons } = runCard(record, [], { job: jobs.get('vm create'), typical: new Map(), onBoard: false });

  assert.ok(!buttons.some(({ label }) => label === 'Cancel'));
});

test('a question that nobody answered in time is asked once more by Try again', async () => {
  using hearing = await openHearing();
  const { run, buttons } = await draw(hearing, 'vm destroy', 'expired');
  const again = buttons.find(({ label }) => label === 'Try again');
  assert.ok(again);

  await press(hearing, ana, again);

  const record = await hearing.runs.read(run);
  assert.deepEqual([record?.state, record?.approval?.need], ['planning', 1]);
});
