import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type PageFile, readPage } from '#base/page-files.ts';
import { safeHeaders } from './exchange.ts';

interface TaggedFile extends PageFile {
  readonly tag: string;
}

/** The console's files by their path, read once. `/` is the page itself. */
export function readConsole(): ReadonlyMap<string, TaggedFile> {
  const files = [...readPage(new URL('./page/', import.meta.url))];
  return new Map(files.map(([path, file]) => [path, { ...file, tag: tagOf(file) }]));
}

const tagOf = ({ bytes }: PageFile) => `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`;

/** Sends a file, or 304 when the browser has this very version. */
export function sendFile(request: IncomingMessage, response: ServerResponse, file: TaggedFile): void {
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
