import { StringDecoder } from 'node:string_decoder';

export interface LineLimits {
  /** Characters that are told of one line. */
  readonly mostCharacters: number;
  /** Lines that are told as they come. */
  readonly mostLines: number;
  /** Of those after them, so many are told at the end. */
  readonly lastLines: number;
}

/** What a thread in Redis bears, and a person reads. */
const usual: LineLimits = { mostCharacters: 1000, mostLines: 2000, lastLines: 20 };

/**
 * Tells each line as it comes, the first `mostLines` of them; then none, until the end: how many
 * were left out, and the last few. A line that is too long is told with its beginning.
 */
export function tellLines(onLine: (line: string) => void, limits: LineLimits = usual) {
  const { mostCharacters, mostLines, lastLines } = limits;
  const decoder = new StringDecoder('utf8');
  const last: string[] = [];
  let line = '';
  let cut = 0;
  let count = 0;
  return {
    add: (chunk: Buffer) => read(decoder.write(chunk)),
    /** A last line without its end is told now. */
    finish(): void {
      read(decoder.end());
      if (line !== '') endLine();
      const leftOut = count - mostLines - last.length;
      if (leftOut > 0) onLine(`… ${leftOut === 1 ? '1 line' : `${leftOut} lines`} left out`);
      for (const one of last.splice(0)) onLine(one);
    },
  };

  function read(text: string): void {
    for (let at = 0; at < text.length; ) {
      const end = text.indexOf('\n', at);
      grow(text, at, end === -1 ? text.length : end);
      if (end === -1) return;
      endLine();
      at = end + 1;
    }
  }

  /** One character more than is told, for the \r before a line's end. */
  function grow(text: string, from: number, to: number): void {
    const room = Math.min(to - from, mostCharacters + 1 - line.length);
    line += text.slice(from, from + room);
    cut += to - from - room;
  }

  function endLine(): void {
    const whole = cut === 0 ? line.replace(/\r$/, '') : line;
    const more = cut + whole.length - mostCharacters;
    const told =
      more > 0
        ? `${whole.slice(0, mostCharacters)}… (${more === 1 ? '1 character' : `${more} characters`} more)`
        : whole;
    line = '';
    cut = 0;
    count += 1;
    if (count <= mostLines) onLine(told);
    else last.push(told);
    if (last.length > lastLines) last.shift();
  }
}
