/** @typedef {import('../desk/view.ts').View['menu'][number]} Entry */
/** @typedef {import('../command.ts').Option} Option */
/**
 * Something to take while typing a command.
 * @typedef {{ label: string, about: string, line: string }} Offer
 */
/**
 * Where the typing stands: in the command's name, between options, or in an option's value.
 * @typedef {{ entry: Entry, values: Record<string, string>, option: Option | undefined, typed: string, before: string }} Typing
 */

/** What could stand next, but for what the bot suggests. @param {readonly Entry[]} menu @param {string} line @returns {Offer[]} */
export function offers(menu, line) {
  const typing = readTyping(menu, line);
  if (!typing) return commandOffers(menu, line);
  const { entry, option, values, typed, before } = typing;
  if (!option) return optionOffers(entry, values, line);
  const words = option.type === 5 ? ['true', 'false'] : (option.choices ?? []).map(({ name }) => name);
  return words
    .filter((word) => word.toLowerCase().startsWith(typed.toLowerCase()))
    .map((word) => ({ label: word, about: option.description, line: `${before}${word} ` }));
}

/** @param {readonly Entry[]} menu @param {string} line @returns {Typing | undefined} */
export function readTyping(menu, line) {
  const text = line.slice(1);
  const fitting = menu.filter(({ name }) => text.startsWith(`${name} `));
  const entry = fitting.sort((a, b) => b.name.length - a.name.length)[0];
  if (!entry) return undefined;
  const names = entry.options.map(({ name }) => name).join('|') || '(?!)';
  const starts = [...line.matchAll(new RegExp(`(?<=\\s)(${names}):`, 'gu'))];
  /** @type {Record<string, string>} */
  const values = {};
  for (const [place, match] of starts.entries()) {
    values[match[1] ?? ''] = line.slice(match.index + match[0].length, starts[place + 1]?.index ?? line.length).trim();
  }
  const last = starts.at(-1);
  const start = last ? last.index + last[0].length : 0;
  const typed = line.slice(start);
  // A value that ends with a blank is done.
  const open = last && !/\s$/.test(typed);
  const option = open ? entry.options.find(({ name }) => name === last[1]) : undefined;
  return { entry, values, option, typed: open ? typed : '', before: line.slice(0, start) };
}

/** @param {readonly Entry[]} menu @param {string} line @returns {Offer[]} */
function commandOffers(menu, line) {
  return menu
    .filter(({ name }) => `/${name}`.startsWith(line.trimEnd()))
    .map(({ name, about }) => ({ label: `/${name}`, about, line: `/${name} ` }));
}

/** @param {Entry} entry @param {Record<string, string>} values @param {string} line @returns {Offer[]} */
function optionOffers(entry, values, line) {
  const typed = /\S*$/.exec(line)?.[0] ?? '';
  return entry.options
    .filter(({ name }) => values[name] === undefined && name.startsWith(typed))
    .map(({ name, description, required }) => ({
      label: required ? name : `+${name}`,
      about: description,
      line: `${line.slice(0, line.length - typed.length)}${name}:`,
    }));
}
