import type { World } from '../world.ts';

/** Slack's markup as people read it: `<@U0ANA>` is `@ana`, a link its text, a date its fallback. Asterisks and the like stay. */
export function plain(world: Names, text: string): string {
  return unescaped(
    text.replace(/<([^<>]+)>/g, (_, inside: string) => {
      const [what = '', label] = inside.split('|', 2);
      if (what.startsWith('@')) return `@${world.users.get(what.slice(1))?.name ?? label ?? what.slice(1)}`;
      if (what.startsWith('#')) return `#${world.channels.get(what.slice(1))?.name ?? label ?? what.slice(1)}`;
      if (what.startsWith('!subteam^')) return groupName(world, what.slice('!subteam^'.length));
      if (what.startsWith('!date^')) return label ?? '';
      if (what.startsWith('!')) return `@${what.slice(1)}`;
      return label ?? what;
    }),
  );
}

export type Names = Pick<World, 'users' | 'channels' | 'groups'>;

export function groupName(world: Names, id: string): string {
  return `@${world.groups.get(id)?.handle ?? id}`;
}

function unescaped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
