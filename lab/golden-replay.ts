import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import type { Lab } from './start.ts';

/** One recorded call of the real Proxmox and its answer. */
export interface Recorded {
  readonly name: string;
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly params: Readonly<Record<string, unknown>> | null;
    readonly auth: string;
  };
  readonly status: number;
  readonly statusText: string;
  readonly body: unknown;
}

export interface Answer {
  readonly status: number;
  readonly reason: string;
  readonly body: unknown;
}

/** What a record's `auth` words mean for this lab, filled in as tokens are made. */
export interface Keys {
  readonly tokens: Map<string, string>;
  /** A recorded task's id → the same task's in this lab. */
  readonly upids: Map<string, string>;
  /** A recorded process id in a guest → the same process's here. */
  readonly pids: Map<number, number>;
  ticket: { ticket: string; csrf: string } | undefined;
}

/** The recordings of a version, undefined when they are not here. */
export async function readGolden(version: string): Promise<Recorded[] | undefined> {
  const file = new URL(`../../shared/data/pve-golden-${version}.jsonl`, import.meta.url);
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return text
    ?.split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Recorded);
}

/** Sends a recorded request to the lab. */
export async function replay(lab: Lab, recorded: Recorded, keys: Keys): Promise<Answer> {
  const { method } = recorded.request;
  const path = recorded.request.path.replace(/UPID[^/]+/, (upid) => keys.upids.get(decodeURIComponent(upid)) ?? upid);
  const params = Object.entries(recorded.request.params ?? {});
  const inQuery = method === 'GET' || method === 'DELETE';
  const form = new URLSearchParams(params.flatMap(([name, value]) => [value].flat().map((one) => [name, String(one)])));
  const upload = path.endsWith('/upload') ? multipart(recorded) : undefined;
  const json = recorded.name.startsWith('body.json') ? jsonBody(recorded) : undefined;
  const query = inQuery && params.length > 0 ? `${path.includes('?') ? '&' : '?'}${form}` : '';
  const body = upload?.body ?? json ?? (inQuery || params.length === 0 ? undefined : form.toString());
  const type = upload?.type ?? (json === undefined ? 'application/x-www-form-urlencoded' : 'application/json');
  const known = recorded.name.endsWith('.chunked')
    ? { 'transfer-encoding': 'chunked' }
    : { 'content-length': Buffer.byteLength(body ?? '') };
  const length = body === undefined ? {} : { 'content-type': type, ...known };
  return send(lab, method, path + query, { ...length, ...credentials(recorded, keys) }, body);
}

export function send(
  lab: Lab,
  method: string,
  path: string,
  headers: Record<string, string | number>,
  body?: string | Buffer,
): Promise<Answer> {
  const { hostname, port } = new URL(lab.url);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, method, headers, ca: lab.ca, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        const isJson = response.headers['content-type']?.startsWith('application/json');
        resolve({
          status: response.statusCode ?? 0,
          reason: Buffer.from(response.statusMessage ?? '', 'latin1').toString('latin1'),
          body: isJson ? JSON.parse(text) : text,
        });
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

function credentials({ name, request: { auth } }: Recorded, keys: Keys): Record<string, string> {
  const special: Record<string, Record<string, string>> = {
    'auth.token.unknown-token': { authorization: 'PVEAPIToken=root@pam!nope=aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee' },
    'auth.token.unknown-user': { authorization: 'PVEAPIToken=ghost@pve!x=aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee' },
    'auth.token.malformed': { authorization: 'PVEAPIToken=nonsense' },
    'auth.token.bearer': { authorization: 'Bearer abc' },
    'auth.cookie.garbage': { cookie: 'PVEAuthCookie=garbage' },
    'auth.cookie.forged': { cookie: 'PVEAuthCookie=PVE:root@pam:6B010000::Zm9yZ2Vk' },
  };
  const known = special[name];
  if (known || auth === 'none') return known ?? {};
  if (auth.startsWith('ticket')) {
    const csrf = auth.includes('bad csrf') ? 'nonsense' : (keys.ticket?.csrf ?? '');
    return { cookie: `PVEAuthCookie=${encodeURIComponent(keys.ticket?.ticket ?? '')}`, csrfpreventiontoken: csrf };
  }
  const id = auth === 'expired token' ? 'root@pam!old' : (/token (\S+)/.exec(auth)?.[1] ?? 'root@pam!lab');
  return { authorization: `PVEAPIToken=${id}=${keys.tokens.get(id) ?? ''}` };
}

function jsonBody({ name, request: { params } }: Recorded): string {
  return name === 'body.json.bad' ? '{"vmid": 302' : JSON.stringify(params);
}

/** A file as the recording describes it, with its fields in the recorded order. */
function multipart({ name, request: { params } }: Recorded): { type: string; body: Buffer } {
  const fields = Object.entries(params ?? {}).filter(([field]) => field !== 'filename' && field !== 'order');
  const description = String(params?.filename ?? "name='lab.iso' bytes=54816");
  const filename = /name='([^']*)'/.exec(description)?.[1] ?? (description.startsWith('<6') ? 'upload.iso' : undefined);
  const size = Number(/bytes=(\d+)/.exec(description)?.[1] ?? 60_000);
  const parts = fields.map(
    ([field, value]) => `--x\r\nContent-Disposition: form-data; name="${field}"\r\n\r\n${value}\r\n`,
  );
  const disposition = filename === undefined ? '' : `; filename="${filename}"`;
  const file = [
    `--x\r\nContent-Disposition: form-data; name="filename"${disposition}\r\nContent-Type: application/octet-stream\r\n\r\n`,
    Buffer.alloc(size),
    '\r\n',
  ];
  const late = name.endsWith('content-after-file');
  const content = '--x\r\nContent-Disposition: form-data; name="content"\r\n\r\niso\r\n';
  const order = late ? [...file, content] : [...parts, ...(description.includes('name=None') ? [] : file)];
  const pieces = [...order, '--x--\r\n'].map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : piece));
  return { type: 'multipart/form-data; boundary=x', body: Buffer.concat(pieces) };
}
