import { randomUUID } from 'node:crypto';
import { openButtons } from '#bot/cards/buttons.ts';
import type { Message as DiscordMessage } from '#lab/discord/message.ts';
import { buttonsOf, textOf as discordText } from '#lab/discord/people/look.ts';
import type { Message as SlackMessage } from '#lab/slack/message.ts';
import { elementsIn } from '#lab/slack/rules/blocks.ts';
import type { View } from '#lab/slack/view.ts';
import { type ConsoleHand, openHand } from './console-hand.ts';
import type { ChatSetting } from './setting.ts';

export interface Question {
  readonly vm: string;
  readonly asked: 'web' | 'slack' | 'discord';
  /** What those who may decide say: yes, no, or both at once. */
  readonly said: 'yes' | 'no' | 'both';
}

type Click = () => Promise<unknown>;
/** A button means the same token wherever it stands. */
type Press = (who: 'ana' | 'ben' | 'cleo', token: string) => Promise<unknown>;

const waitMs = 120_000;

/**
 * Ana asks all of these at once, each on its platform; Ben opens his home on all three. Answers about twenty presses for each question, on its own card and on the
 * homes; nothing is pressed yet.
 */
export async function openRound(chat: ChatSetting, questions: readonly Question[]): Promise<readonly Click[]> {
  const [ana, ben] = await Promise.all([openHand(chat.setting.url, 'ana'), openHand(chat.setting.url, 'ben')]);
  const cards = await Promise.all(questions.map((question) => ask(chat, ana, question)));
  const homes = await Promise.all([slackHome(chat, questions), discordHome(chat, questions)]);
  const tokens = await tokensOn(ben);
  const clicks = await Promise.all(
    questions.map(async ({ vm, said }, at) => {
      const { approve, reject } = tokens.get(vm) ?? { approve: '', reject: '' };
      const others = await ofOtherRevisions(chat, approve);
      const card = cards[at];
      const id = randomUUID();
      const yes: Click[] = [
        ...times(3, () => ben.press(approve)),
        // One press that comes twice.
        ...times(2, () => ben.press(approve, id)),
        ...homes.flatMap((press) => times(3, () => press('ben', approve))),
        ...(card ? times(3, () => card('ben', approve)) : []),
      ];
      const no = times(said === 'no' ? 12 : 2, () => ben.reject(reject, `${vm} is needed`));
      const vain: Click[] = [
        ...times(2, () => ana.press(approve)),
        ...others.map((token) => () => ben.press(token)),
        ...(card ? times(2, () => card('ana', approve)) : []),
        ...(card ? times(2, () => card('cleo', approve)) : []),
      ];
      return [...vain, ...(said === 'no' ? [] : yes), ...(said === 'yes' ? [] : no)];
    }),
  );
  return clicks.flat();
}

/** Asks, and waits for the card. Answers how it is pressed; on the console a card's buttons are those of the home. */
async function ask({ slack, discord }: ChatSetting, ana: ConsoleHand, question: Question): Promise<Press | undefined> {
  const { vm, asked } = question;
  const stands = new RegExp(`Approve\\?.*\\b${vm}\\b`);
  if (asked === 'web') {
    await ana.type(`/vm destroy ${vm}`);
    return undefined;
  }
  if (asked === 'slack') {
    await slack.user('ana').type('ops', `/vm destroy ${vm}`);
    const find = () => slack.messages('ops').find((one) => stands.test(slack.textOf(one)));
    return onSlack(await slack.until(find, `${vm} on Slack`, waitMs), slack);
  }
  await discord.user('ana').type('ops', `/vm destroy vm:${vm}`);
  const find = () => discord.messages('ops').find((one) => stands.test(discordText(one)));
  return onDiscord(await discord.until(find, `${vm} on Discord`, waitMs), discord);
}

async function slackHome({ slack }: ChatSetting, questions: readonly Question[]): Promise<Press> {
  const find = () => {
    const view = slack.home('ben');
    return view && questions.every(({ vm }) => slack.textOf(view).includes(vm)) ? view : undefined;
  };
  // It is drawn when it is opened, and what is asked may not have been planned then.
  for (;;) {
    slack.user('ben').openHome();
    const view = await slack.until(find, 'the home tab', 1000).catch(() => undefined);
    if (view) return onSlack(view, slack);
  }
}

async function discordHome({ discord }: ChatSetting, questions: readonly Question[]): Promise<Press> {
  const find = () =>
    discord.ephemerals('ben').findLast((one) => questions.every(({ vm }) => discordText(one).includes(vm)));
  for (;;) {
    await discord.user('ben').type('ops', '/me show');
    const message = await discord.until(find, 'the home on Discord', 1000).catch(() => undefined);
    if (message) return onDiscord(message, discord);
  }
}

/** Whoever finds no such button there any more presses nothing. */
function onSlack(on: SlackMessage | View, slack: ChatSetting['slack']): Press {
  return async (who, token) => {
    const blocks = 'blocks' in on ? on.blocks : on.content.blocks;
    const block = blocks.find((one) => elementsIn(one).some(({ value }) => value === token));
    if (block) await slack.user(who).press(on, token, block.block_id === undefined ? {} : { block: block.block_id });
  };
}

/** The same; what Discord asks once more is answered with yes. */
function onDiscord(message: DiscordMessage, discord: ChatSetting['discord']): Press {
  return async (who, token) => {
    const button = buttonsOf(message).find(({ custom_id }) => String(custom_id).startsWith(`${token}?`));
    if (typeof button?.custom_id !== 'string') return;
    const { message: asked } = await discord.user(who).press(message, button.custom_id);
    if (asked && buttonsOf(asked).length > 0) await discord.user(who).press(asked, `${token}!`);
  };
}

/** What stands behind Approve and Reject, by the name of the VM that it is about. */
async function tokensOn(ben: ConsoleHand): Promise<ReadonlyMap<string, { approve: string; reject: string }>> {
  const { blocks } = await ben.home();
  return new Map(
    blocks.flatMap((block, at) => {
      if (block.kind !== 'actions') return [];
      const [vm] = /\bvm-\d+/.exec(JSON.stringify(blocks[at - 1])) ?? [];
      const token = (wanted: string) => {
        const action = block.actions.find(({ label }) => label === wanted);
        return action && 'token' in action ? action.token : '';
      };
      return vm === undefined ? [] : [[vm, { approve: token('Approve'), reject: token('Reject') }] as const];
    }),
  );
}

/** Buttons of plans of the same run that are not the one which is asked now. */
async function ofOtherRevisions({ setting }: ChatSetting, approve: string): Promise<readonly string[]> {
  const buttons = openButtons(setting.redis, `{${setting.config.redis.prefix}}`);
  const meaning = await buttons.meaning(approve);
  if (meaning?.kind !== 'vote') throw new Error(`A button to approve is none: ${JSON.stringify(meaning)}`);
  return Promise.all([-1, 1].map((by) => buttons.token({ ...meaning, revision: meaning.revision + by })));
}

const times = (many: number, click: Click): Click[] => Array.from({ length: many }, () => click);
