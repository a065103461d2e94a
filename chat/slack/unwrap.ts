/**
 * What a person typed, from Slack's escaped form of it: `<http://web.example.com|web.example.com>` → `web.example.com`, `<@U0ANA|ana>` → `@ana`, `&lt;` → `<`. New
 * lines become spaces, and what formats a line goes: quotes, bullets and numbers before it, and `*`, `_`, `~` and backticks around it or its words.
 */
export function unwrap(text: string, nameOf: (user: string) => string | undefined = () => undefined): string {
  const words = text.replace(/<([^<>]+)>/g, (_, inner: string) => unwrapped(inner, nameOf));
  const plain = words.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
  const line = plain.replace(/\s+/g, ' ').trim();
  return unformatted(line);
}

/** No command begins with a bullet or ends with a star, and no name does. A mention inside of bold text leaves only one of its two stars. */
function unformatted(line: string): string {
  const bare = line
    .replace(/^(?:>+|[•◦▪▸–*-]|\d+[.)])\s+/, '')
    .replace(/^>+/, '')
    .replace(/(^|\s)([*_~`]+)(\S(?:.*?\S)?)\2(?=\s|$)/g, '$1$3')
    .replace(/^[*_~`]+|[*_~`]+$/g, '')
    .trim();
  return bare === line ? line : unformatted(bare);
}

function unwrapped(inner: string, nameOf: (user: string) => string | undefined): string {
  const [target = '', label] = inner.split('|', 2);
  switch (target.charAt(0)) {
    case '@':
      return `@${label || nameOf(target.slice(1)) || target.slice(1)}`;
    case '#':
      return `#${label || target.slice(1)}`;
    case '!':
      return label ?? `@${target.slice(1).split('^')[0]}`;
    default:
      // Slack makes links of what merely looks like one: the label is then what was typed.
      return label !== undefined && target.endsWith(label) ? label : target.replace(/^mailto:/, '');
  }
}

/** The line as the product knows it, with its slash: `vm list` → `/vm list`; nothing at all asks for help. */
export function asLine(words: string): string {
  const line = words.replace(/^\/\s*/, '').trim();
  return `/${line === '' ? 'help' : line}`;
}
