import type { z } from 'zod';
import type { SettingPath } from './secrets.ts';

interface Placed {
  readonly path: SettingPath;
}

/** Those that are not about a place that something else is wrong with already, nor within it: they follow from it. */
export function without<T extends Placed>(wrong: readonly Placed[], complaints: readonly T[]): T[] {
  return complaints.filter(({ path }) => !wrong.some((place) => place.path.every((key, at) => key === path[at])));
}

/** What zod says of each place, once: of a value that is of the wrong kind it also says that it is too short. */
export function onceEach(issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue[] {
  const placeOf = ({ path }: Placed) => JSON.stringify(path);
  const wrongKinds = new Set(issues.filter(({ code }) => code === 'invalid_type').map(placeOf));
  return issues.filter((issue, at) => {
    if (issue.code !== 'too_small' && issue.code !== 'too_big') return true;
    const isRepeated = issues
      .slice(at + 1)
      .some((later) => later.code === issue.code && placeOf(later) === placeOf(issue));
    return !isRepeated && !wrongKinds.has(placeOf(issue));
  });
}
