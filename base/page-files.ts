import { readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';

/** A file that a browser gets. */
export interface PageFile {
  readonly bytes: Buffer;
  /** Its media type. */
  readonly type: string;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/**
 * A page's files by the path at which a browser asks for them, read once; `/` is `index.html`. What all pages share stands in `base/page/` and is served at that path:
 * `../../../base/page/dom.js`, as a page's scripts write it, leads there in the tree and, since no URL goes above its root, in the browser.
 */
export function readPage(folder: URL): Map<string, PageFile> {
  const shared = filesIn(new URL('./page/', import.meta.url)).map(
    ([name, file]) => [`/base/page/${name}`, file] as const,
  );
  const own = filesIn(folder).map(([name, file]) => [name === 'index.html' ? '/' : `/${name}`, file] as const);
  return new Map([...own, ...shared]);
}

function filesIn(folder: URL): [string, PageFile][] {
  return readdirSync(folder).flatMap((name): [string, PageFile][] => {
    const type = types[extname(name)];
    return type === undefined ? [] : [[name, { bytes: readFileSync(new URL(name, folder)), type }]];
  });
}
