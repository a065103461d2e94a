import { readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';

interface PageFile {
  readonly bytes: Buffer;
  readonly type: string;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
};

/** The page's files by their path, read once. `/` is the page itself. */
export function readPage(): ReadonlyMap<string, PageFile> {
  const folder = new URL('../page/', import.meta.url);
  const files = readdirSync(folder).flatMap((name): [string, PageFile][] => {
    const type = types[extname(name)];
    if (type === undefined) return [];
    return [[name === 'index.html' ? '/' : `/${name}`, { bytes: readFileSync(new URL(name, folder)), type }]];
  });
  return new Map(files);
}
