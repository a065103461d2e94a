import { openAsBlob } from 'node:fs';
import { FormData, Pool } from 'undici';
import type { Answer } from './answer.ts';
import type { trustedConnect } from './connection.ts';
import { form, type Params } from './encode.ts';
import { type AnswerLimits, readBody } from './read-body.ts';

/** A call as it goes out. */
export interface Request {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly query?: Params | undefined;
  readonly params?: Params | undefined;
  readonly upload?: FormData;
  readonly signal?: AbortSignal;
}

/** Connections of one address for calls about one node. */
interface Lane {
  /** For reads: connections are kept for less than the 5 s after which pveproxy closes them. */
  readonly reads: Pool;
  /** For everything else: a connection of its own per call, so that none is sent into a socket that is just being closed. */
  readonly changes: Pool;
}

/** One address of the cluster. */
export interface Host {
  readonly url: string;
  /** Those for calls with this path. Each node has its own, so that calls which hang there take none from the others. */
  laneOf(path: string): Lane;
  /** Ends all connections. */
  destroy(): Promise<void>;
}

/** Gets ready to talk to one address; opens no connection yet. */
export function openHost(url: string, connect: ReturnType<typeof trustedConnect>): Host {
  // Proxmox gives up on its own calls after 30 s, and says so. HTTP/2 would lose the reason phrase, where errors stand.
  const options = { connect, allowH2: false, connections: 16, headersTimeout: 40_000, bodyTimeout: 40_000 };
  const lanes = new Map<string, Lane>();
  return {
    url,
    laneOf(path) {
      const node = /^\/nodes\/([^/]+)\//.exec(path)?.[1] ?? '';
      const known = lanes.get(node);
      if (known) return known;
      const lane = {
        reads: new Pool(url, { ...options, keepAliveTimeout: 3_000, keepAliveMaxTimeout: 3_000 }),
        changes: new Pool(url, { ...options, pipelining: 0 }),
      };
      lanes.set(node, lane);
      return lane;
    },
    async destroy() {
      await Promise.all([...lanes.values()].flatMap(({ reads, changes }) => [reads.destroy(), changes.destroy()]));
    },
  };
}

/**
 * Sends a call once and reads its whole answer, whatever its status. Throws what undici or
 * {@link trustedConnect} throw when there is none, and `AnswerTooLong` when it breaks the limits.
 */
export async function exchange(
  host: Host,
  request: Request,
  authorization: string,
  limits: AnswerLimits,
): Promise<Answer> {
  const { method, path, query, params, upload, signal } = request;
  const search = query ? form(query) : '';
  const fields = params ? form(params) : '';
  const lane = host.laneOf(path);
  const pool = method === 'GET' ? lane.reads : lane.changes;
  const { statusCode, statusText, body } = await pool.request({
    method,
    path: `/api2/json${path}${search ? `?${search}` : ''}`,
    headers: { authorization, ...(fields ? { 'content-type': 'application/x-www-form-urlencoded' } : {}) },
    body: upload ?? (fields || null),
    ...(signal ? { signal } : {}),
  });
  return { status: statusCode, reason: statusText, body: await readBody(body, limits) };
}

export interface UploadFields {
  readonly content: 'iso' | 'import' | 'vztmpl';
  readonly checksum?: { readonly algorithm: 'sha256' | 'sha512'; readonly hex: string };
}

export interface UploadFile {
  readonly name: string;
  /** The bytes themselves, or the path of a file that holds them. */
  readonly bytes: Uint8Array | string;
}

/** An upload's body. Proxmox reads these parts with regular expressions, in this order only, and forgets what stands behind the file. */
export async function multipart({ content, checksum }: UploadFields, { name, bytes }: UploadFile): Promise<FormData> {
  const parts = new FormData();
  parts.append('content', content);
  if (checksum) {
    parts.append('checksum-algorithm', checksum.algorithm);
    parts.append('checksum', checksum.hex);
  }
  // A blob's length is known beforehand; Proxmox refuses chunked bodies.
  parts.append('filename', typeof bytes === 'string' ? await openAsBlob(bytes) : new Blob([Buffer.from(bytes)]), name);
  return parts;
}
