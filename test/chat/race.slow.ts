import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textOf as discordText } from '#lab/discord/people/look.ts';
import { addTemplates } from '#lab/templates.ts';
import { writeMarker } from '#proxmox/marker.ts';
import { textOf } from '../console.ts';
import { callsOf, machinesOf, type Written } from '../setting.ts';
import { runsOf, votesOf } from './play.ts';
import { openRound, type Question } from './race.ts';
import { type ChatSetting, startChat } from './setting.ts';

/** A home shows five questions. */
const [rounds, atOnce] = [10, 5];

const questions: readonly Question[] = Array.from({ length: rounds * atOnce }, (_, at) => ({
  vm: `vm-${100 + at}`,
  asked: (['web', 'slack', 'discord'] as const)[at % 3] ?? 'web',
  said: at % 5 === 4 ? 'no' : at % 5 === 2 ? 'both' : 'yes',
}));

/** Ana is one person everywhere. Ben is another one on each platform; each of him may approve, and Cleo may not. */
function withRule(written: Written): Written {
  const accounts = ['slack:T0LAB:U0ANA', 'discord:900000000000000010'];
  const [ana, ...others] = written.people ?? [];
  return {
    ...written,
    people: [...(ana ? [{ ...ana, accounts }] : []), ...others],
    rules: [{ commands: ['risk:destroy'], approval: { need: 1, by: ['platform', 'slack:ops', 'discord:ops'] } }],
  };
}

/** The ends that people see in their channel, on each platform, of this VM. */
function endsOf({ setting, slack, discord }: ChatSetting, { vm, asked }: Question): readonly string[] {
  const texts = {
    web: () =>
      [...setting.ben.messages.values()].flatMap(({ content, thread, to }) =>
        content.kind === 'card' && thread === undefined && to === undefined ? [textOf(content.card)] : [],
      ),
    slack: () => slack.messages('ops').map(slack.textOf),
    discord: () => discord.messages('ops').map(discordText),
  }[asked]();
  const end = new RegExp(`\\b${vm}\\b.*(is gone|rejected)`, 's');
  return texts.map((text) => text.replaceAll('\\', '')).filter((text) => end.test(text));
}

test('of about twenty presses on each of fifty questions, over three platforms, exactly one decides each', async (t) => {
  await using chat = await startChat({ change: withRule });
  const { setting, slack, discord } = chat;
  const marker = { run: 'r-earlier', owner: 'ana', template: 'lab-debian' };
  const description = (vm: string, vmid: number) => writeMarker(vm, { ...marker, vmid });
  await addTemplates(
    setting.lab.cluster,
    questions.map(({ vm }, at) => ({
      ...{ vmid: 3000 + at, name: vm, storage: 'nas' },
      config: { template: '0', description: description(vm, 3000 + at) },
    })),
  );
  slack.faults.push({ on: 'delivery', kind: 'interactive', mode: 'again', copies: 2, times: Number.POSITIVE_INFINITY });
  discord.faults.push({ on: 'gateway', mode: 'twice', times: Number.POSITIVE_INFINITY });
  let [pressed, refused] = [0, 0];

  for (let round = 0; round < rounds; round++) {
    const clicks = await openRound(chat, questions.slice(round * atOnce, (round + 1) * atOnce));
    pressed += clicks.length;
    const came = await Promise.allSettled(clicks.map((click) => click()));
    refused += came.filter(({ status }) => status === 'rejected').length;
  }
  const began = performance.now();
  const open = () => questions.filter((question) => endsOf(chat, question).length === 0).map(({ vm }) => vm);
  while (open().length > 0 && performance.now() - began < 120_000) await new Promise((next) => setTimeout(next, 100));
  t.diagnostic(
    `${pressed} presses, ${refused} of them in vain; ${Math.round((performance.now() - began) / 1000)} s after the last one every end was shown`,
  );

  assert.deepEqual(open(), []);
  assert.doesNotMatch(JSON.stringify(await setting.ben.home()), / asks: /);
  assert.equal(await runsOf(chat), questions.length);
  assert.equal(await votesOf(chat), questions.length);
  assert.deepEqual([...new Set(questions.map((question) => endsOf(chat, question).length))], [1]);
  const left = new Set(machinesOf(setting.lab).map(({ name }) => name));
  assert.deepEqual(
    questions.filter(({ vm, said }) => said !== 'both' && left.has(vm) !== (said === 'no')),
    [],
  );
  assert.equal(callsOf(setting.lab, /^DELETE .*\/qemu\/\{vmid\}$/), questions.length - left.size);
  chat.assertLawful();
});
