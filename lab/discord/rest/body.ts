import type { IncomingMessage } from 'node:http';
import type { Upload } from '../attachments.ts';
import { DiscordError } from '../error.ts';

/** A request's JSON and files. A multipart body carries its JSON in `payload_json` and the files as `files[0]`, `files[1]`, … */
export async function readBody(
  request: IncomingMessage,
  mostBytes: number,
): Promise<{ readonly body: unknown; readonly files: readonly Upload[] }> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= mostBytes) chunks.push(chunk);
  }
  if (size > mostBytes) throw new DiscordError(40005);
  const bytes = Buffer.concat(chunks);
  const type = request.headers['content-type'] ?? '';
  if (type.startsWith('multipart/form-data')) return readMultipart(bytes, type);
  return { body: bytes.length === 0 ? {} : parse(bytes.toString('utf8')), files: [] };
}

async function readMultipart(bytes: Buffer, type: string): Promise<{ body: unknown; files: readonly Upload[] }> {
  const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } }).formData();
  const files: Upload[] = [];
  for (const [name, value] of form) {
    if (typeof value === 'string') continue;
    files.push({
      index: /^files\[(\d+)\]$/.exec(name)?.[1] ?? name,
      filename: value.name,
      bytes: Buffer.from(await value.arrayBuffer()),
      contentType: value.type || undefined,
    });
  }
  const payload = form.get('payload_json');
  return { body: typeof payload === 'string' ? parse(payload) : {}, files };
}

/** Ids that come as numbers are kept as text: they have more digits than a number holds. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text, (_, value: unknown, context?: { readonly source?: string }) =>
      typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value) ? context?.source : value,
    );
  } catch (error) {
    throw Object.assign(new DiscordError(50109), { cause: error });
  }
}
