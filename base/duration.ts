/** A length of time as people write it: `500ms`, `15s`, `5m`, `2h`, `3d`. */
export type Duration = `${number}${'ms' | 's' | 'm' | 'h' | 'd'}`;

const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Milliseconds in a {@link Duration}. Throws a `RangeError` naming the text when it is not one. */
export function ms(duration: Duration | string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(duration);
  if (!match) throw new RangeError(`"${duration}" is not a length of time; write for example 90s, 5m or 2h.`);
  return Number(match[1]) * unitMs[match[2] as keyof typeof unitMs];
}

/** A length of time for people: `0.4 s`, `38 s`, `1 min 12 s`, `2 h 5 min`. */
export function spell(lengthMs: number): string {
  if (lengthMs < 9_950) return `${(lengthMs / 1000).toFixed(1)} s`;
  const seconds = Math.round(lengthMs / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
