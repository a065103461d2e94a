import { capitalized } from '#base/capitalized.ts';
import type { Block } from '#base/card.ts';
import type { PlatformState } from '../desk.ts';

/** How many platforms hear nobody, and how many hear people but lack something. */
export function chatTroubles(states: readonly PlatformState[]): { readonly down: number; readonly flawed: number } {
  const down = states.filter(({ health }) => !health.up).length;
  const flawed = states.filter(({ health }) => health.up && health.but !== undefined).length;
  return { down, flawed };
}

/** How each chat platform is; where several gateways run, as each of them sees it. */
export function chatBlocks(states: readonly PlatformState[]): Block[] {
  const several = new Set(states.map(({ gateway }) => gateway)).size > 1;
  const sorted = states.toSorted((one, other) => one.platform.localeCompare(other.platform));
  return [
    { kind: 'title', text: 'Chat' },
    ...sorted.map(({ gateway, platform, health }): Block => {
      const mark = health.up ? (health.but === undefined ? '✓' : '!') : '✗';
      const name = platform === 'web' ? 'Console' : capitalized(platform);
      const said = health.up ? (health.but ?? 'People are heard.') : health.why;
      return { kind: 'text', text: [{ b: `${mark} ${name}` }, several ? ` (gateway ${gateway}): ` : ': ', said] };
    }),
  ];
}
