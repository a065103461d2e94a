import type { Card } from '#base/card.ts';
import { most } from './limits.ts';

/** A file as Discord's API takes it. */
export interface Upload {
  readonly name: string;
  readonly data: Buffer;
}

/** What the card gives to take away. Of what is too large the end is left, which is what decides in a log. */
export function filesOf(card: Card): Upload[] {
  const taken = new Set<string>();
  const files = card.blocks.filter((block) => block.kind === 'file').slice(0, most.files);
  const share = most.fileBytes / files.length;
  return files.map(({ name, text }) => ({ name: unused(plainName(name), taken), data: endOf(text || '\n', share) }));
}

function plainName(name: string): string {
  return name.replace(/[^\w.-]+/g, '-').slice(0, most.fileName) || 'file.txt';
}

/** Two files of one name would be one. */
function unused(name: string, taken: Set<string>): string {
  const [, stem = '', ending = ''] = /^(.*?)(\.[^.]*)?$/s.exec(name) ?? [];
  let free = name;
  for (let nth = 2; taken.has(free); nth++) free = `${stem}-${nth}${ending}`;
  taken.add(free);
  return free;
}

function endOf(text: string, bytes: number): Buffer {
  const whole = Buffer.from(text);
  if (whole.length <= bytes) return whole;
  const end = whole.subarray(whole.length - bytes);
  return Buffer.concat([Buffer.from('… the beginning is left out …\n'), end.subarray(end.indexOf(10) + 1)]);
}
