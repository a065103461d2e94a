import { tellLines } from './lines.ts';
import { keepTail } from './tail.ts';

/** So much of a stream is kept. */
const keptBytes = 8 * 1024 * 1024;

/** Collects what a command prints: its last 8 MiB are kept, and its lines are told, as {@link tellLines} does. */
export function collectOutput(onLine: ((line: string) => void) | undefined) {
  const tail = keepTail(keptBytes);
  const lines = onLine ? tellLines(onLine) : undefined;
  return {
    add(chunk: Buffer): void {
      tail.add(chunk);
      lines?.add(chunk);
    },
    /** What was kept. A last line without its end is told now. */
    finish(): string {
      lines?.finish();
      return tail.text();
    },
  };
}
