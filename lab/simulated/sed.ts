import { fullPath, writeFile } from './files.ts';
import { fail, type Inside, type Output, say } from './program.ts';

/** `sed` with substitutions and deletions: `s/old/new/gI`, `/pattern/d`, `3d`, `/pattern/s|old|new|`, joined by `;`. */
export function edit(args: readonly string[], inside: Inside, input: string): Output {
  const inPlace = args.some((word) => /^(-\w*i|--in-place)/.test(word));
  const extended = args.some((word) => /^-[nri]*[Er]/.test(word));
  const given = args.filter((word) => !word.startsWith('-'));
  const [script = '', ...paths] = given;
  const steps = readScript(script, extended);
  if (!steps) return fail(`sed: -e expression #1, char 1: unknown command: \`${script.slice(0, 1)}'\n`, 1);
  if (paths.length === 0) return say(apply(input, steps));
  let stdout = '';
  for (const path of paths) {
    const whole = fullPath(path, inside.user);
    const text = inside.system.files[whole];
    if (text === undefined) return fail(`sed: can't read ${path}: No such file or directory\n`, 2);
    const edited = apply(text, steps);
    if (inPlace) writeFile(inside.system, whole, edited);
    else stdout += edited;
  }
  return say(stdout);
}

interface Step {
  /** The lines it is about; all without one. */
  readonly at: ((line: string, number: number) => boolean) | undefined;
  /** The line as it is afterwards; undefined deletes it. */
  change(line: string): string | undefined;
}

const stepForm =
  /^\s*(?:(\d+)|\/((?:\\.|[^/\\])*)\/)?\s*(?:(d)|s([^\w\s\\])((?:\\[\s\S]|(?!\4)[\s\S])*)\4((?:\\[\s\S]|(?!\4)[\s\S])*)\4([gI]*))\s*(?:;|\n|$)/;

function readScript(script: string, extended: boolean): Step[] | undefined {
  const steps: Step[] = [];
  for (let rest = script; rest.trim() !== ''; ) {
    const found = stepForm.exec(rest);
    if (!found) return undefined;
    const [whole, number, pattern, deletes, mark = '', old = '', fresh = '', flags = ''] = found;
    const where = pattern === undefined ? undefined : expression(pattern, '', extended);
    const at =
      number === undefined
        ? where && ((line: string) => where.test(line))
        : (_: string, n: number) => n === Number(number);
    const wanted = expression(old.replaceAll(`\\${mark}`, mark), flags.replace('I', 'i'), extended);
    const put = replacement(fresh.replaceAll(`\\${mark}`, mark));
    steps.push({ at, change: deletes ? () => undefined : (line) => line.replace(wanted, put) });
    rest = rest.slice(whole.length);
  }
  return steps;
}

/** In sed's basic expressions the signs `+?|(){}` stand for themselves until a backslash makes them more. */
function expression(pattern: string, flags: string, extended: boolean): RegExp {
  const own = extended
    ? pattern
    : pattern.replace(/\\?[+?|(){}]/g, (sign) => (sign.length === 2 ? sign.slice(1) : `\\${sign}`));
  return new RegExp(own, flags);
}

/** `&` is the whole match, `\1` a part of it; a dollar is a dollar. */
const replacement = (text: string): string =>
  text.replace(/\\(\d)|\\([\s\S])|(&)|(\$)/g, (_, part, escaped, whole, dollar) => {
    if (part !== undefined) return `$${part}`;
    if (whole) return '$&';
    return dollar ? '$$' : escaped === 'n' ? '\n' : escaped;
  });

function apply(text: string, steps: readonly Step[]): string {
  const lines = text.split('\n');
  const last = lines.at(-1) === '' ? lines.pop() : undefined;
  const kept = lines.map((line, index) => {
    let now: string | undefined = line;
    for (const { at, change } of steps) if (now !== undefined && (!at || at(now, index + 1))) now = change(now);
    return now;
  });
  return (
    kept.filter((line) => line !== undefined).join('\n') +
    (last === undefined || kept.every((line) => line === undefined) ? '' : '\n')
  );
}
