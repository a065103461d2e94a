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
  /** Other names that people try for it, `c` of `-c 4` among them; they are answered with this one. */
  readonly synonyms?: readonly string[];
  /** Given by its place in the line as well as by its name. */
  readonly positional?: true;
  readonly required?: true;
  readonly choices?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  /** Of what kind the words are that can be offered, and that a wrong one is compared with: `ChatListener.words` knows them. */
  readonly complete?: string;
  /** `--dns 1.1.1.1 --dns 9.9.9.9`, or with commas. */
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
