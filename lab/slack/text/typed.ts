import type { World } from '../world.ts';

/** How what a person typed goes on: mentions and links as Slack writes them. `named` keeps their names beside the ids, as slash commands have it. */
export function asTyped(world: World, text: string, named = false): string {
  const users = new Map([...world.users.values()].map((user) => [user.name, user]));
  const groups = new Map([...world.groups.values()].map((group) => [group.handle, group]));
  const channels = new Map([...world.channels.values()].map((channel) => [channel.name, channel]));
  const label = (text: string) => (named ? `|${text}` : '');
  return escaped(text)
    .replace(/(?<![\w<])(https?:\/\/[^\s<>]+)/g, '<$1>')
    .replace(/(?<![\w/])@([a-z][\w.-]*\w)/gi, (whole, name: string) => {
      const user = users.get(name.toLowerCase());
      if (user) return `<@${user.id}${label(user.name)}>`;
      const group = groups.get(name.toLowerCase());
      return group ? `<!subteam^${group.id}${label(`@${group.handle}`)}>` : whole;
    })
    .replace(/(?<![\w&/])#([a-z][\w-]*)/gi, (whole, name: string) => {
      const channel = channels.get(name.toLowerCase());
      return channel?.name ? `<#${channel.id}|${channel.name}>` : whole;
    });
}

/** The three characters that Slack writes differently. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
