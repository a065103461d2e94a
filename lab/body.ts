import type { IncomingMessage } from 'node:http';
import type { Given } from './params.ts';
import { Problem } from './problem.ts';

const mostBytes = 512 * 1024;

/** What a request sends as parameters, from its query and its body (form or JSON). */
export async function readParameters(request: IncomingMessage, query: URLSearchParams): Promise<Given> {
  checkTransfer(request);
  const body = await readBody(request);
  if (body !== '' && (request.method === 'DELETE' || request.method === 'GET')) {
    throw new Problem(501, `Unexpected content for method '${request.method}'`, { form: 'text' });
  }
  const type = request.headers['content-type']?.split(';')[0]?.trim() ?? '';
  if (body === '') return fromForm(query);
  if (type === 'application/json') return { ...fromForm(query), ...fromJson(body) };
  if (type === 'application/x-www-form-urlencoded' || type === '') {
    // A bare `;` parts parameters as `&` does.
    return { ...fromForm(query), ...fromForm(new URLSearchParams(body.replaceAll(';', '&'))) };
  }
  throw new Problem(506, `upload 'Content-Type '${request.headers['content-type']}' not implemented`, { form: 'text' });
}

/** Chunked bodies are not understood. */
export function checkTransfer(request: IncomingMessage): void {
  if (request.headers['transfer-encoding'] === undefined) return;
  throw new Problem(501, 'chunked transfer encoding not supported', { form: 'text' });
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > mostBytes) throw new Problem(501, 'for data too large', { form: 'text' });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function fromForm(form: URLSearchParams): Given {
  const given: Record<string, string | string[]> = {};
  for (const name of new Set(form.keys())) {
    const values = form.getAll(name);
    given[name] = values.length === 1 ? (values[0] ?? '') : values;
  }
  return given;
}

/** `true` becomes 1, lists stay lists, numbers become texts. */
function fromJson(body: string): Given {
  const parsed = parse(body);
  const given: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(parsed)) {
    if (Array.isArray(value)) given[name] = value.map((one) => plain(one));
    else if (value !== null) given[name] = plain(value);
  }
  return given;
}

function parse(body: string): Record<string, unknown> {
  try {
    return JSON.parse(body) as Record<string, unknown>;
  } catch {
    // What the parser says is of no use here: Proxmox answers in the words of its own.
    const text = `'"' expected, at character offset ${body.length} (before "(end of string)") at /usr/share/perl5/PVE/APIServer/AnyEvent.pm line 917.`;
    throw new Problem(500, text, { form: 'text' });
  }
}

function plain(value: unknown): string {
  if (typeof value === 'boolean') return value ? '1' : '0';
  return String(value);
}
