import { type Block, plain, type StepLine, type Text } from '#base/card.ts';
import { spell } from '#base/duration.ts';
import { clip } from '../../clip.ts';
import { stepMarks } from '../../step-marks.ts';
import { most } from './limits.ts';
import { code, escaped, fenced, markdown } from './markdown.ts';

type Of<Kind extends Block['kind']> = Extract<Block, { kind: Kind }>;

/** A check-list, a line for each step: its mark, what it does, how long it took or when it began, a note. */
export function stepsText({ steps }: Of<'steps'>): string {
  return steps.map(stepText).join('\n');
}

function stepText({ state, label, startedAt, tookMs, note }: StepLine): string {
  const took = tookMs !== undefined && Number.isFinite(tookMs) ? `  ${code(spell(tookMs))}` : '';
  const since = state === 'running' && startedAt !== undefined ? `  since <t:${Math.floor(startedAt / 1000)}:R>` : '';
  return `${stepMarks[state]} ${escaped(clip(label, 200))}${took || since}${note ? ` — *${escaped(clip(note, 200))}*` : ''}`;
}

const cells = 20;

/** `████████░░░░░░░░░░░░ 40 %  ·  2/5  ·  booting` */
export function progressText({ done, total, label }: Of<'progress'>): string {
  const share = total > 0 ? Math.min(1, Math.max(0, done / total)) : 0;
  const full = Math.floor(share * cells);
  const bar = `${'█'.repeat(full)}${'░'.repeat(cells - full)}`;
  const what = label === '' ? '' : `  ·  ${escaped(clip(label, 300))}`;
  return `\`${bar}\` **${Math.floor(share * 100)} %**  ·  ${done}/${total}${what}`;
}

export function fieldsText({ fields }: Of<'fields'>): string {
  return fields.map(({ name, value }) => `**${escaped(clip(name, 200))}**  ${markdown(value)}`).join('\n');
}

/**
 * A table as aligned code, at most 60 columns wide: Discord has no tables, and telephones are narrow. Cells of the widest columns are cut; where that would cut
 * whole sentences, each row is a line of text instead.
 */
export function tableText({ columns, rows }: Of<'table'>): string {
  const lines = [columns, ...rows].map((row) => row.map(cellText));
  const count = Math.max(...lines.map((line) => line.length));
  const widths = Array.from({ length: count }, (_, at) => Math.max(1, ...lines.map((line) => (line[at] ?? '').length)));
  if (sum(widths) > most.tableColumns + mostCut) return rows.map(rowText).join('\n');
  while (sum(widths) + 2 * (count - 1) > most.tableColumns) {
    const widest = widths.indexOf(Math.max(...widths));
    if ((widths[widest] ?? 0) <= 4) break;
    widths[widest] = (widths[widest] ?? 1) - 1;
  }
  return fenced(
    lines
      .map((line) =>
        widths
          .map((width, at) => clip(line[at] ?? '', width).padEnd(width))
          .join('  ')
          .trimEnd(),
      )
      .join('\n'),
  );
}

/** How many letters of a table's widest cells may be cut. */
const mostCut = 12;

function rowText([first = '', ...others]: readonly Text[]): string {
  const cells = others.filter((cell) => plain(cell).trim() !== '').map(oneLine);
  return [`**${oneLine(first)}**`, ...cells].join(' · ');
}

/** A long one loses its formatting: markup must not be cut. */
function oneLine(text: Text): string {
  const said = plain(text).length > 300 ? escaped(clip(plain(text), 300)) : markdown(text);
  return said.replace(/\s+/g, ' ');
}

const cellText = (text: Text) => clip(plain(text).replace(/\s+/g, ' '), most.tableColumns);
const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);

/** Small print, line by line. */
export function smallText({ text }: Of<'small'>): string {
  const lines = markdown(text)
    .split('\n')
    .filter((line) => line.trim() !== '');
  return lines.map((line) => `-# ${line}`).join('\n');
}
