import { byId, el, fill } from '../../../base/page/dom.js';

/** @typedef {import('#chat/platform.ts').Completion} Completion */

const pauseMs = 60;

/**
 * The list of words above the command line.
 * @param {HTMLInputElement} input @param {(line: string) => Promise<readonly Completion[]>} ask @param {(line: string) => void} take
 */
export function makeCompletions(input, ask, take) {
  const list = byId('completions');
  /** @type {readonly Completion[]} */
  let found = [];
  let active = -1;
  let asked = 0;
  let timer = 0;

  return {
    get isOpen() {
      return !list.hidden;
    },
    /** The entry that was chosen with the arrows. */
    get active() {
      return found[active];
    },
    /** What Tab takes. */
    get best() {
      return found[Math.max(active, 0)];
    },
    close,
    /** Asks what could follow; the answer to an older line is dropped. @param {string} line */
    update(line) {
      clearTimeout(timer);
      asked += 1;
      const mine = asked;
      if (line.trim() === '') return close();
      timer = window.setTimeout(async () => {
        // Whoever can't be asked has no words to offer; sending the line will say what is wrong.
        const answers = await ask(line).catch(() => []);
        if (mine === asked) show(answers.filter((one) => one.line.trim() !== line.trim()));
      }, pauseMs);
    },
    /** @param {1 | -1} step */
    move(step) {
      const { length } = found;
      active = active < 0 && step < 0 ? length - 1 : (active + step + length) % length;
      mark();
    },
  };

  /** @param {readonly Completion[]} answers */
  function show(answers) {
    if (answers.length === 0 || document.activeElement !== input) return close();
    found = answers;
    active = -1;
    fill(list, ...answers.map(drawOption));
    list.hidden = false;
    input.setAttribute('aria-expanded', 'true');
    list.scrollTop = 0;
    mark();
  }

  function close() {
    clearTimeout(timer);
    asked += 1;
    found = [];
    active = -1;
    list.hidden = true;
    input.setAttribute('aria-expanded', 'false');
    input.removeAttribute('aria-activedescendant');
  }

  function mark() {
    for (const [i, option] of [...list.children].entries()) {
      option.setAttribute('aria-selected', String(i === active));
      option.classList.toggle('best', i === Math.max(active, 0));
      if (i === active) option.scrollIntoView({ block: 'nearest' });
    }
    if (active >= 0) input.setAttribute('aria-activedescendant', `completion-${active}`);
    else input.removeAttribute('aria-activedescendant');
  }

  /** @param {Completion} one @param {number} i */
  function drawOption({ line, label, about }, i) {
    // Before the click, so that the command line keeps the focus.
    const chosen = (/** @type {Event} */ event) => {
      event.preventDefault();
      take(line);
    };
    return el(
      'div.option',
      { id: `completion-${i}`, role: 'option', pointerdown: chosen },
      el('code', {}, label),
      el('span', {}, about),
    );
  }
}
