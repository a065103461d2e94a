import { type APIButtonComponentWithCustomId, type APIMessage, ComponentType } from 'discord.js';

/** The buttons of a message that can be pressed. */
export function buttonsIn({ components = [] }: Pick<APIMessage, 'components'>): APIButtonComponentWithCustomId[] {
  const parts = components.flatMap((part) => (part.type === ComponentType.Container ? part.components : [part]));
  const rows = parts.flatMap((part) => (part.type === ComponentType.ActionRow ? part.components : []));
  return rows.filter((one) => 'custom_id' in one && one.type === ComponentType.Button);
}
