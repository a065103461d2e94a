import { z } from 'zod';
import { type Clock, systemClock } from '#base/clock.ts';
import type { Log } from '#base/log.ts';
import { atSite } from '#base/site.ts';
import { type Answer, type Good, readAnswer } from './answer.ts';
import { trustedConnect } from './connection.ts';
import {
  exchange,
  type Host,
  multipart,
  openHost,
  type Request,
  type UploadFields,
  type UploadFile,
} from './dispatch.ts';
import type { Params } from './encode.ts';
import { ProxmoxError } from './errors.ts';
import { refusal } from './explain.ts';
import { type AnswerLimits, AnswerTooLong, usualLimits } from './read-body.ts';
import type { ClusterSettings } from './settings.ts';
import { shorten } from './shorten.ts';
import { silence } from './silence.ts';

/**
 * One cluster's HTTP API. Paths are those of the API viewer, made with {@link at}; `shape` says what is expected in the answer's `data`. Every
 * method throws a `ProxmoxError`. Only reads are ever repeated in here, and only they go to another host when one is silent.
 */
export interface Api extends AsyncDisposable {
  /** The cluster's name in the configuration. */
  readonly cluster: string;
  get<T>(path: string, shape: z.ZodType<T>, query?: Params, options?: CallOptions): Promise<T>;
  /** A page of a list, and how long the whole list is; 0 when Proxmox does not say. */
  getPage<T>(path: string, shape: z.ZodType<T>, query?: Params, options?: CallOptions): Promise<Page<T>>;
  post<T>(path: string, shape: z.ZodType<T>, params?: Params, options?: CallOptions): Promise<T>;
  put<T>(path: string, shape: z.ZodType<T>, params?: Params, options?: CallOptions): Promise<T>;
  del<T>(path: string, shape: z.ZodType<T>, query?: Params, options?: CallOptions): Promise<T>;
  upload<T>(path: string, shape: z.ZodType<T>, fields: UploadFields, file: UploadFile): Promise<T>;
  /**
   * The same, but `check` is called right before a change is sent: what it throws is thrown, and nothing was sent. `sent` gets the answer to come of each
   * change, for whoever must not leave before it is there.
   */
  guarded(check: () => void, sent?: (answer: Promise<unknown>) => void): Api;
}

export interface Page<T> {
  readonly data: T;
  readonly total: number;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** A read is tried three times; `once` is for calls that cost the node much. */
  readonly once?: boolean;
  /** The answer is cut off after so many bytes; 16 MiB otherwise. */
  readonly mostBytes?: number;
}

type Call = Request & CallOptions & { readonly check?: (() => void) | undefined };

/** Makes the client of a cluster. Opens no connection until the first call. */
export function connectApi(
  settings: ClusterSettings,
  options: { log?: Log; clock?: Clock; limits?: AnswerLimits } = {},
): Api {
  const { log, clock = systemClock, limits = usualLimits } = options;
  const caller = { cluster: settings.name, tokenId: settings.token.id };
  const authorization = `PVEAPIToken=${settings.token.id}=${settings.token.secret}`;
  const connect = trustedConnect(settings.tls);
  const hosts = settings.hosts.map((url) => openHost(url, connect));
  /** The host that answered last. */
  let current = 0;

  return client();

  function client(check?: () => void, sent?: (answer: Promise<unknown>) => void): Api {
    function change<T>(shape: z.ZodType<T>, request: Call): Promise<T> {
      const answer = data(shape, { ...request, check });
      sent?.(answer);
      return answer;
    }
    return {
      cluster: settings.name,
      get: (path, shape, query, options) => data(shape, { method: 'GET', path, query, ...options }),
      getPage: (path, shape, query, options) => read(shape, { method: 'GET', path, query, ...options }),
      post: (path, shape, params, options) => change(shape, { method: 'POST', path, params, ...options }),
      put: (path, shape, params, options) => change(shape, { method: 'PUT', path, params, ...options }),
      del: (path, shape, query, options) => change(shape, { method: 'DELETE', path, query, ...options }),
      upload: async (path, shape, fields, file) =>
        change(shape, { method: 'POST', path, upload: await multipart(fields, file) }),
      guarded: client,
      async [Symbol.asyncDispose]() {
        await Promise.all(hosts.map((host) => host.destroy()));
      },
    };
  }

  async function data<T>(shape: z.ZodType<T>, request: Call): Promise<T> {
    return (await read(shape, request)).data;
  }

  async function read<T>(shape: z.ZodType<T>, request: Call): Promise<Page<T>> {
    const answer = await call(request);
    const parsed = shape.safeParse(answer.data);
    if (parsed.success) return { data: parsed.data, total: answer.total };
    const [issue] = parsed.error.issues;
    const where = ['data', ...(issue?.path ?? [])].join('.');
    throw new ProxmoxError(
      settings.name,
      `${callOf(request)} answered something unexpected in ${shorten(where, 200)}: ${shorten(issue?.message ?? '', 500)}`,
      {
        kind: 'other',
        outcome: request.method === 'GET' ? 'permanent' : 'unknown',
        // A list may have a complaint for each of a million rows, and causes are logged.
        cause: new z.ZodError(parsed.error.issues.slice(0, 5)),
      },
    );
  }

  async function call(request: Call): Promise<Good> {
    for (let tries = 1; ; tries++) {
      const host = hosts[current % hosts.length] as Host;
      try {
        return await callOn(host, request);
      } catch (error) {
        if (!(error instanceof ProxmoxError)) throw error;
        const tooLong = error.kind === 'answer too long';
        if (!tooLong && !isTransport(error)) throw error;
        if (host === hosts[current % hosts.length]) current++;
        // Each further try could cost as much again; only later calls go to another host.
        if (tooLong || request.method !== 'GET' || request.once || tries === 3) throw error;
        await clock.sleep(100 * 3 ** (tries - 1), request.signal);
      }
    }
  }

  async function callOn(host: Host, request: Call): Promise<Good> {
    const changes = request.method !== 'GET';
    const start = performance.now();
    let answer: Answer;
    let began = false;
    const send = async () => {
      request.check?.();
      began = true;
      const { mostBytes = limits.mostBytes } = request;
      return exchange(host, request, authorization, { ...limits, mostBytes });
    };
    try {
      answer = await atSite(siteOf(request), send);
    } catch (cause) {
      if (!began) throw cause;
      request.signal?.throwIfAborted();
      if ((cause as { code?: unknown }).code === 'UND_ERR_INVALID_ARG') throw cause;
      const error = silence(cause, { ...caller, host: host.url, call: callOf(request), changes });
      const level = error.cause instanceof AnswerTooLong ? 'warn' : 'debug';
      log?.[level]({ call: callOf(request), host: host.url, err: error.message }, 'proxmox did not answer');
      throw error;
    }
    const result = readAnswer(answer, changes);
    const tookMs = Math.round(performance.now() - start);
    const sent = Object.keys(request.params ?? request.query ?? {});
    log?.debug({ call: callOf(request), sent, status: answer.status, tookMs }, 'proxmox answered');
    if ('data' in result) return result;
    throw refusal(caller, callOf(request), result.said);
  }
}

const callOf = ({ method, path }: Request) => `${method} ${path}`;

/** The same for all nodes, VMs, volumes and tasks. */
const siteOf = ({ method, path }: Request) =>
  `proxmox ${method} ${path.replace(/\/(nodes|qemu|storage|content|tasks)\/[^/]+/g, '/$1/{}')}`;

/** The way to Proxmox failed, so that another try or another host may do better. A dead node behind a good host (595) is not that. */
function isTransport({ kind, status }: ProxmoxError): boolean {
  if (status === undefined) return kind === 'node down' || kind === 'unknown outcome';
  return status === 502 || status === 503 || status === 504 || status === 596;
}
