import type { IncomingMessage } from 'node:http';
import { SlackError } from './error.ts';

/** Everything that a request carries. */
export async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The arguments of a call: from its address, and a form or JSON in its body. */
export async function argumentsIn(url: URL, type: string, bytes: Buffer): Promise<Record<string, unknown>> {
  const query = Object.fromEntries(url.searchParams);
  if (bytes.length === 0) return query;
  if (type.startsWith('application/json')) return { ...query, ...parse(bytes.toString('utf8')) };
  const form = type.startsWith('multipart/form-data')
    ? (await formIn(type, bytes)).filter((field): field is [string, string] => typeof field[1] === 'string')
    : [...new URLSearchParams(bytes.toString('utf8'))];
  return { ...query, ...Object.fromEntries(form) };
}

/** The file in an upload's body, which is the body itself or the one file of a form. */
export async function fileIn(type: string, bytes: Buffer): Promise<Buffer> {
  if (!type.startsWith('multipart/form-data')) return bytes;
  const [, file] = (await formIn(type, bytes)).find(([, value]) => typeof value !== 'string') ?? [];
  return file === undefined || typeof file === 'string' ? Buffer.alloc(0) : Buffer.from(await file.arrayBuffer());
}

async function formIn(type: string, bytes: Buffer): Promise<[string, string | File][]> {
  const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } }).formData();
  return [...form] as [string, string | File][];
}

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch (error) {
    throw Object.assign(new SlackError('invalid_json'), { cause: error });
  }
  throw new SlackError('json_not_object');
}
