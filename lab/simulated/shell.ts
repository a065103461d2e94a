/** A command of a line, as it was written, and what joins it to the one before. */
interface Piece {
  readonly joint: '' | ';' | '&&' | '||' | '|';
  readonly text: string;
}

/** One command, read: its words, the variables set for it alone, and where its output goes. */
export interface Command {
  readonly words: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
  readonly redirects: readonly Redirect[];
}

/** `>file`, `2>>file`, `2>&1`. */
export interface Redirect {
  readonly from: 1 | 2;
  readonly append: boolean;
  /** A path, or `&1` and `&2`. */
  readonly to: string;
}

/** Splits a line or a whole script at `;`, line ends, `&&`, `||` and `|`, unless they are quoted. Comments fall away. */
export function splitCommands(script: string): Piece[] {
  const pieces: Piece[] = [];
  let joint: Piece['joint'] = '';
  let text = '';
  let comment = false;
  const end = (next: Piece['joint']) => {
    if (text.trim() !== '') pieces.push({ joint: pieces.length === 0 ? '' : joint, text: text.trim() });
    // An empty line says nothing about what stands before and after it.
    if (text.trim() !== '' || next !== ';') joint = next;
    text = '';
  };
  for (const [token] of script.matchAll(/\\[\s\S]|'[^']*'|"(?:\\[\s\S]|[^"\\])*"|&&|\|\||[\s\S]/g)) {
    if (token === '\n') {
      comment = false;
      end(';');
    } else if (comment) continue;
    else if (token === '#' && /(^|\s)$/.test(text)) comment = true;
    else if (token === ';') end(';');
    else if (token === '&&' || token === '||' || token === '|') end(token);
    else if (token !== '\\\n') text += token;
  }
  end('');
  return pieces;
}

/** Reads one command: quotes, `$NAME` and `${NAME}`, `NAME=value` before it, redirections. */
export function readCommand(text: string, variables: Readonly<Record<string, string>>): Command {
  const words: string[] = [];
  const redirects: { from: 1 | 2; append: boolean; to: string }[] = [];
  let word: string | undefined;
  const end = () => {
    if (word === undefined) return;
    const open = redirects.at(-1);
    if (open?.to === '') open.to = word;
    else words.push(word);
    word = undefined;
  };
  const filled = (part: string) =>
    part.replace(/\$(?:\{(\w+)\}|(\w+))/g, (_, braced, bare) => variables[braced ?? bare] ?? '');
  const parts = /\s+|([12]?)(>>?)(&[12])?|\\([\s\S])|'([^']*)'|"((?:\\[\s\S]|[^"\\])*)"|([^\s\\'">]+)/g;
  for (const [, fd, arrow, other, escaped, single, double, bare] of text.matchAll(parts)) {
    if (arrow !== undefined) {
      end();
      redirects.push({ from: fd === '2' ? 2 : 1, append: arrow === '>>', to: other ?? '' });
    } else if (escaped !== undefined || single !== undefined) word = (word ?? '') + (escaped ?? single);
    else if (double !== undefined) word = (word ?? '') + filled(double).replace(/\\(["\\$`])/g, '$1');
    else if (bare !== undefined) word = (word ?? '') + filled(bare);
    else end();
  }
  end();
  const first = words.findIndex((one) => !assignment.test(one));
  const set = first < 0 ? words : words.slice(0, first);
  return { words: first < 0 ? [] : words.slice(first), variables: assigned(set), redirects };
}

const assignment = /^([A-Za-z_]\w*)=([\s\S]*)$/;

/** `NAME=value` words as an object; other words are left out. */
export function assigned(words: readonly string[]): Record<string, string> {
  const found = words.map((word) => assignment.exec(word)).filter((match) => match !== null);
  return Object.fromEntries(found.map(([, name = '', value = '']) => [name, value]));
}
