const most = 200;

/** The lines that a person sent from this browser, for the arrow keys. @param {string} person */
export function openHistory(person) {
  const place = `botswain.history.${person}`;
  /** @type {string[]} */
  const lines = JSON.parse(localStorage.getItem(place) ?? '[]');
  let at = lines.length;
  let draft = '';
  return {
    /** @param {string} line */
    add(line) {
      if (lines.at(-1) !== line) lines.push(line);
      lines.splice(0, lines.length - most);
      localStorage.setItem(place, JSON.stringify(lines));
      at = lines.length;
    },
    /** The earlier (-1) or later (1) line; undefined at the end. What was being typed waits after the last. @param {1 | -1} step @param {string} now */
    move(step, now) {
      if (at + step < 0 || at + step > lines.length) return undefined;
      if (at === lines.length) draft = now;
      at += step;
      return lines[at] ?? draft;
    },
  };
}
