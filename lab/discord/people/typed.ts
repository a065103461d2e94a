import type { Entry } from './menu.ts';
import { ClientRefusal } from './refusal.ts';

export type Values = Readonly<Record<string, string | number | boolean>>;

/** `/vm create name:k8s-dev size:medium` as the client takes it: a value goes on until the next option's name. */
export function readTyped(menu: readonly Entry[], line: string): { readonly entry: Entry; readonly values: Values } {
  const text = line.replace(/^\//, '').trim();
  const fits = (entry: Entry) => text === entry.name || text.startsWith(`${entry.name} `);
  const entry = menu.filter(fits).sort((a, b) => b.name.length - a.name.length)[0];
  if (!entry) {
    const names = menu.map(({ name }) => `/${name}`).join(', ') || 'none';
    throw new ClientRefusal(`There is no command for ${line} here. There are: ${names}.`);
  }
  const rest = text.slice(entry.name.length);
  const starts = entry.options
    .flatMap(({ name }) => {
      const at = new RegExp(`(?<=^|\\s)${name}:`, 'u').exec(rest)?.index;
      return at === undefined ? [] : [{ name, at }];
    })
    .sort((a, b) => a.at - b.at);
  const first = starts[0]?.at ?? rest.length;
  const stray = rest.slice(0, first).trim();
  if (stray !== '') throw new ClientRefusal(`"${stray}" is no option. /${entry.name} takes: ${optionNames(entry)}.`);
  const values = starts.map(({ name, at }, place) => {
    const end = starts[place + 1]?.at ?? rest.length;
    return [name, rest.slice(at + name.length + 1, end).trim()] as const;
  });
  return { entry, values: Object.fromEntries(values) };
}

function optionNames({ options }: Entry): string {
  return options.map(({ name }) => `${name}:`).join(' ') || 'nothing';
}
