import { DefaultRestOptions, REST, type RESTOptions, type RouteLike } from 'discord.js';
import { readWhole } from '#base/read-at-most.ts';
import { atSite } from '#base/site.ts';
import { classified } from './errors.ts';

/** Calls of Discord's REST API, version 10. Every failure comes out as the bot understands it; nothing waits or is tried again in here. */
export interface Rest {
  get<T>(route: RouteLike, query?: Readonly<Record<string, string>>): Promise<T>;
  post<T>(route: RouteLike, body: unknown, more?: Sending): Promise<T>;
  patch<T>(route: RouteLike, body: unknown, more?: Sending): Promise<T>;
  delete(route: RouteLike, more?: Sending): Promise<void>;
  /** Lets go of what the library keeps running. */
  close(): void;
}

export interface Sending {
  readonly files?: readonly { readonly name: string; readonly data: Buffer }[];
  /** False for what an interaction's own token allows. */
  readonly auth?: boolean;
}

/** For a call, and for its answer to the end, ms. */
const usualTimeoutMs = 10_000;
/** A page of a thousand members takes about one MiB. */
const mostBytes = 16 * 1024 * 1024;

/** The library reads whatever comes, and its time limit ends with the headers: so the body is read in here. */
const makeRequest: RESTOptions['makeRequest'] = async (url, init) =>
  readWhole(await DefaultRestOptions.makeRequest(url, init), mostBytes);

export interface RestOptions {
  readonly token: string;
  readonly apiUrl: string;
  readonly timeoutMs?: number;
}

export function openRest({ token, apiUrl, timeoutMs = usualTimeoutMs }: RestOptions): Rest {
  // A limit is the bot's to keep: a queue in here would hold up what is urgent, and what nobody waits for any more.
  const limits = { retries: 0, timeout: timeoutMs, rejectOnRateLimit: () => true, makeRequest };
  const rest = new REST({ api: apiUrl, version: '10', ...limits });
  // The library forgets the token for good as soon as Discord refuses it once: so each call brings it.
  const withToken = (act: () => Promise<unknown>) => () => {
    rest.setToken(token);
    return act();
  };
  const call = async <T>(method: string, route: RouteLike, act: () => Promise<unknown>): Promise<T> => {
    try {
      return (await atSite(`discord ${method} ${shapeOf(route)}`, withToken(act))) as T;
    } catch (error) {
      throw classified(error);
    }
  };
  const options = (body: unknown, { files, auth = true }: Sending = {}) => ({
    body,
    auth,
    ...(files && files.length > 0 ? { files: [...files] } : {}),
  });
  return {
    get: (route, query) =>
      call('GET', route, () => rest.get(route, query ? { query: new URLSearchParams(query) } : {})),
    post: (route, body, more) => call('POST', route, () => rest.post(route, options(body, more))),
    patch: (route, body, more) => call('PATCH', route, () => rest.patch(route, options(body, more))),
    delete: (route, { auth = true } = {}) => call('DELETE', route, () => rest.delete(route, { auth })),
    close() {
      rest.clearHashSweeper();
      rest.clearHandlerSweeper();
    },
  };
}

/** `/channels/{}/messages`: without ids and tokens, which are nobody's business. */
function shapeOf(route: RouteLike): string {
  return route.replaceAll(/\/(?=[^/]*\d)[^/]{16,}/g, '/{}');
}
