import { StringDecoder } from 'node:string_decoder';

/** Collects what a command prints: each whole line is told as it comes, and the last `mostCharacters` are kept. */
export function collectOutput(onLine: ((line: string) => void) | undefined, mostCharacters = 8 * 1024 * 1024) {
  const decoder = new StringDecoder('utf8');
  const kept: string[] = [];
  let length = 0;
  let line = '';

  function keep(text: string): void {
    kept.push(text);
    length += text.length;
    while (length - (kept[0]?.length ?? 0) >= mostCharacters) length -= kept.shift()?.length ?? 0;
    if (!onLine) return;
    const lines = (line + text).split('\n');
    line = lines.pop() ?? '';
    for (const whole of lines) onLine(whole.replace(/\r$/, ''));
  }

  return {
    add(chunk: Buffer): void {
      keep(decoder.write(chunk));
    },
    /** All of it; a last line without its end is told now. */
    finish(): string {
      keep(decoder.end());
      if (line !== '') onLine?.(line.replace(/\r$/, ''));
      line = '';
      return kept.join('').slice(-mostCharacters);
    },
  };
}
