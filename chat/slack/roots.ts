import type { MenuItem } from '#chat/menu.ts';

/** The command that takes any line: `/botswain me show`. */
const anyCommand = 'botswain';

/** Slack's own commands; an app's of the same name is never called, and a manifest with one is refused. */
const taken: ReadonlySet<string> = new Set(
  (
    'active apps archive away call collapse dm dnd expand feed feedback help invite invite_people join kick leave ' +
    'me msg mute open prefs remind remove rename search shortcuts shrug star status topic unarchive who'
  ).split(' '),
);

/** A slash command for each root of the menu that Slack lets an app have, and one for everything: `vm` → `/vm`, with the prefix `/pve-vm`. */
export function slashCommands(menu: readonly MenuItem[], prefix: string): { command: string; root: string }[] {
  const roots = new Set(rootsOf(menu));
  const free = [...roots].filter((root) => root !== anyCommand && !taken.has(`${prefix}${root}`));
  return [...free.slice(0, most - 1), anyCommand].map((root) => ({ command: `/${prefix}${root}`, root }));
}

/** How people of this Slack must type a line: {@link typing}. */
export type Typed = (text: string) => string;

/**
 * Writes a line as it must be typed here: `/vm list` → `/pve-vm list` with that prefix, `/me show` → `/botswain me show` where the command's own name is Slack's. Any other text stays as it is,
 * and a line with a code to link an account too: that one is typed elsewhere.
 */
export function typing(menu: readonly MenuItem[], prefix: string): Typed {
  const own = new Map(slashCommands(menu, prefix).map(({ command, root }) => [root, command]));
  const roots = new Set(rootsOf(menu));
  return (text) => {
    const root = /^\/([a-z]+)(?= |$)/.exec(text)?.[1];
    if (root === undefined || /^\/me link \S/.test(text)) return text;
    const command = own.get(root);
    if (command !== undefined) return `${command}${text.slice(root.length + 1)}`;
    return roots.has(root) ? `/${prefix}${anyCommand} ${text.slice(1)}` : text;
  };
}

const rootsOf = (menu: readonly MenuItem[]) => menu.map(({ path }) => path.split(' ')[0] ?? '');

/** Slack takes so many slash commands of one app. */
const most = 50;

/** The line that a slash command stands for: `/pve-vm` and `create k8s-dev` → `/vm create k8s-dev`. */
export function lineOf(command: string, text: string, prefix: string): string {
  const name = command.replace(/^\//, '');
  const root = name.startsWith(prefix) ? name.slice(prefix.length) : name;
  if (root !== anyCommand) return `/${root} ${text}`.trim();
  const rest = text.replace(/^\/\s*/, '').trim();
  return `/${rest === '' ? 'help' : rest}`;
}
