import { randomBytes } from 'node:crypto';

/** Makes ids such as `V1Q7C00001`. */
export function makeIds(): (letter: string) => string {
  const start = randomBytes(2).toString('hex').toUpperCase();
  let count = 0;
  return (letter) => `${letter}${start}${String(++count).padStart(5, '0')}`;
}

/** Makes message times: seconds and microseconds, each later than the one before. */
export function makeTimes(now: () => number): () => string {
  let last = 0;
  return () => {
    last = Math.max(last + 1, Math.trunc(now()) * 1_000);
    return `${Math.trunc(last / 1_000_000)}.${String(last % 1_000_000).padStart(6, '0')}`;
  };
}
