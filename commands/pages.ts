import type { Block, Card } from '#base/card.ts';
import { UserError } from '#base/errors.ts';

/** Rows of one page: whole on each platform, also where tables are drawn with spaces in at most 4,000 characters. */
export const pageSize = 20;

type Options = Readonly<Record<string, string | number | boolean | undefined>>;

/** The rows of a page, the first is 1. Throws a `UserError` for a page that is not there. */
export function pageOf<T>(all: readonly T[], page: number, hint: string): { rows: readonly T[]; pages: number } {
  const pages = Math.max(1, Math.ceil(all.length / pageSize));
  if (page > pages) throw new UserError(`There is no page ${page}: there ${count(pages)}.`, { hint });
  return { rows: all.slice((page - 1) * pageSize, page * pageSize), pages };
}

/** A list's card with a line about how much there is, and buttons that type the lines of other pages. */
export function withPages(
  list: Card,
  about: string,
  links: readonly { readonly label: string; readonly command: string }[],
): Card {
  const foot: Block = { kind: 'small', text: about };
  const buttons: Block[] = links.length > 0 ? [{ kind: 'offers', offers: links }] : [];
  return { ...list, fallback: `${list.fallback}. ${about}`, blocks: [...list.blocks, foot, ...buttons] };
}

/** `/vm list --node pve1 --page 2`: the line that says all this; what is undefined or false is left out. */
export function lineWith(path: string, options: Options): string {
  const words = Object.entries(options).map(([name, value]) => {
    if (value === undefined || value === false) return '';
    return value === true ? ` --${name}` : ` --${name} ${quoted(String(value))}`;
  });
  return `/${path}${words.join('')}`;
}

function quoted(value: string): string {
  if (/^[\w.*:/][\w.*:/-]*$/.test(value)) return value;
  return value.includes('"') ? `'${value}'` : `"${value}"`;
}

const count = (pages: number) => (pages === 1 ? 'is one' : `are ${pages}`);
