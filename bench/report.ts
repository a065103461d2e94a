/** One line of a measurement. */
export interface Row {
  readonly what: string;
  readonly value: number;
  readonly unit: 's' | 'ms' | 'MB' | '×' | '/s' | '%' | '';
  /** The aim; a greater value misses it. */
  readonly atMost?: number;
  /** The aim; a smaller value misses it. */
  readonly atLeast?: number;
  readonly note?: string;
}

export interface Measured {
  readonly title: string;
  readonly rows: readonly Row[];
}

export interface Wish {
  /** Real QEMU machines instead of simulated ones, where that is possible. */
  readonly qemu: boolean;
  readonly pairs: number;
  /** How long `soak` goes on, and what decides its faults. */
  readonly minutes: number;
  readonly seed: number;
  /** Tells how far it is. */
  say(line: string): void;
}

/** Measures one thing; throws when what is measured does not work, never when it is slow. */
export type Measurement = (wish: Wish) => Promise<Measured>;

/** A measurement for people: what, the number, its aim, and whether that is reached. */
export function table({ title, rows }: Measured): string {
  const cells = rows.map((row) => [row.what, `${shown(row)} ${row.unit}`.trim(), aim(row), row.note ?? '']);
  const widths = ['', '', '', ''].map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)));
  const lines = cells.map((line) =>
    line.map((cell, column) => (column === 1 ? cell.padStart(widths[1] ?? 0) : cell.padEnd(widths[column] ?? 0))),
  );
  return [`\n${title}`, ...lines.map((line) => `  ${line.join('  ')}`.trimEnd()), ''].join('\n');
}

/** The value below which this share of all values lies: 0.5 for the median. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? Number.NaN;
}

export const median = (values: readonly number[]) => quantile(values, 0.5);

/** Whether a row has an aim that it does not reach. */
export const isMissed = ({ value, atMost = Number.POSITIVE_INFINITY, atLeast = Number.NEGATIVE_INFINITY }: Row) =>
  value > atMost || value < atLeast;

function aim(row: Row): string {
  const { unit, atMost, atLeast } = row;
  const wanted = atMost === undefined ? atLeast : atMost;
  if (wanted === undefined) return '';
  return `aim ${atMost === undefined ? '≥' : '≤'} ${wanted} ${unit} ${isMissed(row) ? 'MISSED' : 'reached'}`;
}

function shown({ value, unit }: Row): string {
  if (unit === '×') return value.toFixed(3);
  if (unit === '') return String(value);
  return value < 10 ? value.toFixed(2) : value.toFixed(value < 100 ? 1 : 0);
}
