/** A command as platforms need to know it, to register it and to turn what was picked into a line. */
export interface MenuItem {
  /** `vm create` */
  readonly path: string;
  readonly about: string;
  readonly example: string;
  readonly risk: 'read' | 'change' | 'destroy';
  readonly args: Readonly<Record<string, MenuArg>>;
}

export interface MenuArg {
  readonly kind: 'text' | 'whole' | 'gib' | 'mib' | 'flag' | 'choice';
  readonly about: string;
  readonly positional?: true;
  readonly required?: true;
  readonly choices?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  /** There are words to offer: `ChatListener.words` knows them. */
  readonly complete?: string;
  readonly many?: true;
}

/**
 * The line a person would have typed: `/vm create k8s-dev medium --cpus 4`. Positional values stand by their place as long as
 * none before them is missing. `false` and empty values are left out.
 */
export function writeLine(item: MenuItem, values: Readonly<Record<string, string | number | boolean>>): string {
  const words = [`/${item.path}`];
  const options: string[] = [];
  let inPlace = true;
  for (const [name, arg] of Object.entries(item.args)) {
    const value = values[name];
    const given = value !== undefined && value !== '' && value !== false;
    if (arg.positional && inPlace && given) words.push(quoted(String(value)));
    else if (given) options.push(value === true ? `--${name}` : `--${name} ${quoted(String(value))}`);
    if (arg.positional && !given) inPlace = false;
  }
  return [...words, ...options].join(' ');
}

function quoted(value: string): string {
  if (/^[^\s"'“”„‘’-][^\s"'“”„‘’]*$/u.test(value)) return value;
  return value.includes('"') ? `'${value}'` : `"${value}"`;
}
