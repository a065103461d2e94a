import type { Approval } from './principal.ts';

/**
 * What satisfies two questions at once; undefined when nothing is asked. Who may say yes are members of groups that both name. Where they have none in
 * common it is those of `first`: nobody but a member of each could satisfy both, which a question can't say.
 */
export function stricter(first: Approval | undefined, second: Approval | undefined): Approval | undefined {
  if (first === undefined || second === undefined) return first ?? second;
  return {
    need: Math.max(first.need, second.need),
    groups: inBoth(first.groups, second.groups),
    selfOk: first.selfOk && second.selfOk,
    expiresMs: Math.min(first.expiresMs, second.expiresMs),
  };
}

function inBoth(first: readonly string[], second: readonly string[]): readonly string[] {
  if (first.length === 0) return second;
  const common = first.filter((group) => second.includes(group));
  return common.length > 0 ? common : first;
}
