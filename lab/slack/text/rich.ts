import { groupName, type Names } from './plain.ts';

interface Part {
  readonly type: string;
  readonly text?: string;
  readonly elements?: readonly Part[];
  readonly [key: string]: unknown;
}

/** What a rich_text block says. */
export function richText(world: Names, part: Part): string {
  const inside = (part.elements ?? []).map((one) => richText(world, one));
  switch (part.type) {
    case 'rich_text':
      return inside.join('\n');
    case 'rich_text_list':
      return inside.map((line, at) => (part.style === 'ordered' ? `${at + 1}. ${line}` : `• ${line}`)).join('\n');
    case 'rich_text_quote':
      return `> ${inside.join('')}`;
    case 'rich_text_section':
    case 'rich_text_preformatted':
      return inside.join('');
    default:
      return small(world, part);
  }
}

function small({ users, channels, ...world }: Names, part: Part): string {
  switch (part.type) {
    case 'user':
      return `@${users.get(String(part.user_id))?.name ?? part.user_id}`;
    case 'usergroup':
      return groupName({ users, channels, ...world }, String(part.usergroup_id));
    case 'channel':
      return `#${channels.get(String(part.channel_id))?.name ?? part.channel_id}`;
    case 'link':
      return part.text ?? String(part.url);
    case 'emoji':
      return `:${part.name}:`;
    case 'date':
      return String(part.fallback ?? new Date(Number(part.timestamp) * 1_000).toISOString());
    case 'broadcast':
      return `@${part.range}`;
    default:
      return part.text ?? '';
  }
}
