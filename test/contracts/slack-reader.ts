import type { Message } from '#lab/slack/message.ts';
import type { SlackLab } from '#lab/slack/start.ts';

type Piece = Readonly<Record<string, unknown>>;

/** Where the buttons lead that are links. */
export function linksIn({ content }: Message): string[] {
  return pieces(content.blocks).flatMap((one) => (one.type === 'button' && one.url ? [String(one.url)] : []));
}

/** Whom a message tells with a sound: Slack does so for whoever is mentioned, as a piece of rich text or in marked-up text. */
export function pingsIn(lab: SlackLab, { content }: Message): string[] {
  const all = pieces(content.blocks);
  const marked = [content.text, ...all.flatMap((one) => (one.type === 'mrkdwn' ? [String(one.text)] : []))].join(' ');
  const users = [...all.map((one) => one.user_id), ...matches(marked, /<@(\w+)/g)];
  const groups = [...all.map((one) => one.usergroup_id), ...matches(marked, /<!subteam\^(\w+)/g)];
  const everybody = all.some(({ type }) => type === 'broadcast') || /<!(channel|here|everyone)/.test(marked);
  const handle = (id: unknown) => lab.world.groups.get(String(id))?.handle;
  const told = [
    ...users.filter(Boolean).map((id) => `slack:${lab.teamId}:${id}`),
    ...groups.filter(Boolean).map((id) => `slack:${handle(id)}`),
    ...(everybody ? ['everybody'] : []),
  ];
  return [...new Set(told)];
}

const matches = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, id]) => id);

/** Every object in here, the blocks themselves and what is inside of them. */
function pieces(found: unknown): Piece[] {
  if (Array.isArray(found)) return found.flatMap(pieces);
  if (typeof found !== 'object' || found === null) return [];
  return [found as Piece, ...Object.values(found).flatMap(pieces)];
}
