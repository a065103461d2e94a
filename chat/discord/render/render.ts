import { createHash } from 'node:crypto';
import {
  type APIActionRowComponent,
  type APIButtonComponent,
  type APIComponentInContainer,
  type APIContainerComponent,
  ButtonStyle,
  ComponentType,
} from 'discord.js';
import type { Action, Block, Card, Tone } from '#base/card.ts';
import { clip } from '../../clip.ts';
import { readButtonId, writeButtonId } from '../button-id.ts';
import { most } from './limits.ts';
import { fenced, markdown, userIn } from './markdown.ts';
import { fieldsText, progressText, smallText, stepsText, tableText } from './pieces.ts';

/** A card as Discord takes it: one container, coloured by its tone. */
export interface Message {
  readonly components: [APIContainerComponent];
  /** Whom the message tells with a sound: exactly those that the card says. */
  readonly allowed_mentions: { parse: []; users: string[]; roles: string[] };
}

const colors: Readonly<Record<Tone, number>> = {
  info: 0x6b7280,
  running: 0xf0b132,
  ok: 0x23a55a,
  warn: 0xe67e22,
  error: 0xda373c,
  ask: 0x5865f2,
};

const marks: Readonly<Record<Tone, string>> = {
  info: '',
  running: '⏳ ',
  ok: '✅ ',
  warn: '⚠️ ',
  error: '❌ ',
  ask: '✋ ',
};

/**
 * The card block by block, without regard to how much a message holds in all: see `fit.ts`. `roles` are the ids of roles by the names that rules know
 * them by. `key` names the message, so that it is known again.
 */
export function renderCard(card: Card, roles: ReadonlyMap<string, string>, key?: string): Message {
  const pings = pingsOf(card, roles);
  const marked = card.blocks.findIndex(({ kind }) => kind === 'title' || kind === 'text');
  const parts = card.blocks.flatMap((block, at) => renderBlock(block, at === marked ? marks[card.tone] : ''));
  const all = [...pings.parts, ...parts];
  const container: APIContainerComponent = {
    type: ComponentType.Container,
    ...(key === undefined ? {} : { id: markOf(key) }),
    accent_color: colors[card.tone],
    components: uniqueIds(all.length > 0 ? all : fallbackOf(card)),
  };
  return { components: [container], allowed_mentions: { parse: [], users: pings.users, roles: pings.roles } };
}

/** Discord takes no message that says nothing. */
function fallbackOf({ tone, fallback }: Card): APIComponentInContainer[] {
  const said = markdown(fallback);
  return text(`${marks[tone]}${isBlank(said) ? '–' : said}`);
}

/** A number of 31 bits, never 0, that a message made under this key carries. */
export function markOf(key: string): number {
  return createHash('sha256').update(key).digest().readUInt32BE(0) >>> 1 || 1;
}

function renderBlock(block: Block, mark: string): APIComponentInContainer[] {
  switch (block.kind) {
    case 'title':
      return text(`### ${mark}${markdown(block.text).replace(/\s*\n\s*/g, ' ')}`);
    case 'text':
      return text(`${mark}${markdown(block.text)}`);
    case 'small':
      return text(smallText(block));
    case 'fields':
      return text(fieldsText(block));
    case 'progress':
      return text(progressText(block));
    case 'steps':
      return text(stepsText(block));
    case 'table':
      return block.rows.length > 0 ? text(tableText(block)) : [];
    case 'code':
      return text(block.text.trim() === '' ? '' : fenced(block.text));
    case 'actions':
      return rows(block.actions);
    // A file is sent beside the card; offers have become actions before.
    case 'file':
    case 'offers':
      return [];
  }
}

function text(content: string): APIComponentInContainer[] {
  return isBlank(content) ? [] : [{ type: ComponentType.TextDisplay, content }];
}

const isBlank = (content: string) => /^[\s\u200B]*$/.test(content);

function rows(actions: readonly Action[]): APIActionRowComponent<APIButtonComponent>[] {
  const buttons = actions.flatMap((action) => button(action) ?? []);
  const made: APIActionRowComponent<APIButtonComponent>[] = [];
  for (let from = 0; from < buttons.length; from += most.buttonsInRow) {
    made.push({ type: ComponentType.ActionRow, components: buttons.slice(from, from + most.buttonsInRow) });
  }
  return made;
}

function button(action: Action): APIButtonComponent | undefined {
  const label = clip(action.label.trim() === '' ? '–' : action.label, most.label);
  if ('href' in action) {
    const fits = /^https?:\/\//.test(action.href) && action.href.length <= most.url;
    return fits ? { type: ComponentType.Button, style: ButtonStyle.Link, label, url: action.href } : undefined;
  }
  const style = { primary: ButtonStyle.Primary, danger: ButtonStyle.Danger, plain: ButtonStyle.Secondary } as const;
  const { token, confirm } = action;
  // The token of a message that asks once more is written already.
  const custom_id = confirm === undefined ? token : writeButtonId({ token, ask: confirm });
  return { type: ComponentType.Button, style: style[action.tone ?? 'plain'], label, custom_id };
}

/** Buttons that mean the same still have ids of their own. */
function uniqueIds(parts: APIComponentInContainer[]): APIComponentInContainer[] {
  const seen = new Map<string, number>();
  return parts.map((part) => {
    if (part.type !== ComponentType.ActionRow) return part;
    const components = (part.components as APIButtonComponent[]).map((one) => {
      if (!('custom_id' in one)) return one;
      const id = readButtonId(one.custom_id);
      const nth = seen.get(id.token) ?? 0;
      seen.set(id.token, nth + 1);
      return nth === 0 ? one : { ...one, custom_id: writeButtonId(id, nth) };
    });
    return { ...part, components };
  });
}

function pingsOf({ ping = [] }: Card, known: ReadonlyMap<string, string>) {
  const users = [...new Set(ping.flatMap((account) => userIn(account) ?? []))].slice(0, mostPings);
  const roles = [...new Set(ping.flatMap((group) => known.get(group) ?? []))].slice(0, mostPings);
  const mentions = [...users.map((id) => `<@${id}>`), ...roles.map((id) => `<@&${id}>`)];
  return { users, roles, parts: mentions.length > 0 ? text(mentions.join(' ')) : [] };
}

const mostPings = 50;
