import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname } from 'node:path';
import { safeHeaders } from './exchange.ts';

interface PageFile {
  readonly bytes: Buffer;
  readonly type: string;
  readonly tag: string;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** The page's files by their path, read once. `/` is the page itself. */
export function readPage(): ReadonlyMap<string, PageFile> {
  const folder = new URL('./page/', import.meta.url);
  const files = readdirSync(folder).flatMap((name): [string, PageFile][] => {
    const type = types[extname(name)];
    if (type === undefined) return [];
    const bytes = readFileSync(new URL(name, folder));
    const tag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`;
    return [[name === 'index.html' ? '/' : `/${name}`, { bytes, type, tag }]];
  });
  return new Map(files);
}

/** Sends a file, or 304 when the browser has this very version. */
export function sendFile(request: IncomingMessage, response: ServerResponse, file: PageFile): void {
  const known = (request.headers['if-none-match'] ?? '').split(/\s*,\s*/).includes(file.tag);
  response.writeHead(known ? 304 : 200, {
    ...safeHeaders,
    'Content-Type': file.type,
    'Cache-Control': 'no-cache',
    ETag: file.tag,
    ...(known ? {} : { 'Content-Length': file.bytes.length }),
  });
  response.end(known || request.method === 'HEAD' ? undefined : file.bytes);
}
