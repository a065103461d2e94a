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
  const roots = new Set(menu.map(({ path }) => path.split(' ')[0] ?? ''));
  const free = [...roots].filter((root) => root !== anyCommand && !taken.has(`${prefix}${root}`));
  return [...free.slice(0, most - 1), anyCommand].map((root) => ({ command: `/${prefix}${root}`, root }));
}

/** A line as people of Slack must type it: `/me show` → `/botswain me show`, where the command's own name is Slack's. Any other text as it is, and a line with a code too: that one is typed elsewhere. */
export function typedHere(text: string): string {
  const root = /^\/([a-z]+)(?= |$)/.exec(text)?.[1];
  return root !== undefined && taken.has(root) && !/^\/me link \S/.test(text)
    ? `/${anyCommand} ${text.slice(1)}`
    : text;
}

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
