import { createHash } from 'node:crypto';
import type { Json } from '#base/json.ts';

/** JSON with sorted keys: equal values have equal text. */
export function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item)).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const entries = Object.entries(value as Record<string, Json | undefined>);
  const kept = entries.filter((entry): entry is [string, Json] => entry[1] !== undefined);
  const sorted = kept.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${sorted.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(',')}}`;
}

/** What an approval is for: the SHA-256 of the plan, as hex. */
export function hashOf(value: Json): string {
  return createHash('sha256').update(canonical(value)).digest('hex');
}
