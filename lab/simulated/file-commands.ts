import { filesIn, fullPath, isFolder, modeOf, removeFile, setMode, writeFile } from './files.ts';
import { fail, type Inside, type Output, type Program, say } from './program.ts';
import { edit } from './sed.ts';

/** The programs that change files. */
export const filePrograms: Readonly<Record<string, Program>> = {
  rm: remove,
  chmod: changeMode,
  tee: (args, inside, input) => {
    for (const path of args.filter((word) => !word.startsWith('-'))) {
      const whole = fullPath(path, inside.user);
      const before = args.includes('-a') ? (inside.system.files[whole] ?? '') : '';
      writeFile(inside.system, whole, before + input);
    }
    return say(input);
  },
  sed: edit,
};

function remove(args: readonly string[], inside: Inside): Output {
  const flags = args.filter((word) => word.startsWith('-')).join('');
  let stderr = '';
  for (const path of args.filter((word) => !word.startsWith('-'))) {
    const whole = fullPath(path, inside.user);
    if (inside.system.files[whole] !== undefined) removeFile(inside.system, whole);
    else if (isFolder(inside.system, whole)) {
      if (/[rR]/.test(flags)) for (const file of filesIn(inside.system, whole)) removeFile(inside.system, file);
      else stderr += `rm: cannot remove '${path}': Is a directory\n`;
    } else if (!flags.includes('f')) stderr += `rm: cannot remove '${path}': No such file or directory\n`;
  }
  return { stdout: '', stderr, code: stderr === '' ? 0 : 1 };
}

function changeMode(args: readonly string[], inside: Inside): Output {
  const [mode = '', ...paths] = args.filter((word) => !/^-[RvfC]+$/.test(word));
  for (const path of paths) {
    const whole = fullPath(path, inside.user);
    const isThere = inside.system.files[whole] !== undefined;
    if (!isThere && !isFolder(inside.system, whole))
      return fail(`chmod: cannot access '${path}': No such file or directory\n`, 1);
    const changed = newMode(mode, modeOf(inside.system, whole));
    if (changed === undefined) return fail(`chmod: invalid mode: '${mode}'\n`, 1);
    if (isThere) setMode(inside.system, whole, changed);
  }
  return say('');
}

const places = { u: 0o100, g: 0o010, o: 0o001 } as const;
const rights = { r: 4, w: 2, x: 1 } as const;

/** `0755`, `+x`, `u=rwx,go-w`; undefined when it is neither. */
function newMode(asked: string, before: number): number | undefined {
  if (/^[0-7]{1,4}$/.test(asked)) return Number.parseInt(asked, 8);
  let mode = before;
  for (const part of asked.split(',')) {
    const [, who = '', how, what = ''] = /^([ugoa]*)([-+=])([rwx]*)$/.exec(part) ?? [];
    if (how === undefined) return undefined;
    const whom = (['u', 'g', 'o'] as const).filter((one) => who === '' || /a/.test(who) || who.includes(one));
    const given = (['r', 'w', 'x'] as const).filter((one) => what.includes(one));
    for (const one of whom) {
      const bits = given.reduce((sum, right) => sum + rights[right] * places[one], 0);
      if (how === '=') mode &= ~(7 * places[one]);
      mode = how === '-' ? mode & ~bits : mode | bits;
    }
  }
  return mode;
}
