import { type Answer, send } from './golden-replay.ts';
import type { Lab } from './start.ts';

type Params = Readonly<Record<string, string | number | readonly string[]>>;

/** A small client for the lab's own tests; it shares nothing with the product's. */
export interface ApiForTests {
  call(method: string, path: string, params?: Params): Promise<Answer>;
  /** The `data` of an answer that must be a 200. */
  get<T = unknown>(path: string): Promise<T>;
  /** Makes a call, waits for its task and answers the exit status. */
  task(method: string, path: string, params?: Params): Promise<string | undefined>;
  upload(node: string, storage: string, name: string, bytes: Buffer, fields?: Params): Promise<Answer>;
}

/** Calls as the lab's own token, or as the one given. */
export function apiForTests(lab: Lab, token = `${lab.token.id}=${lab.token.secret}`): ApiForTests {
  const authorization = `PVEAPIToken=${token}`;

  async function call(method: string, path: string, params: Params = {}): Promise<Answer> {
    const pairs = Object.entries(params).flatMap(([name, value]) => [value].flat().map((one) => [name, String(one)]));
    const form = new URLSearchParams(pairs).toString();
    const inQuery = method === 'GET' || method === 'DELETE';
    const query = inQuery && form !== '' ? `?${form}` : '';
    const headers = { authorization, 'content-type': 'application/x-www-form-urlencoded' };
    if (inQuery) return send(lab, method, `/api2/json${path}${query}`, headers);
    return send(lab, method, `/api2/json${path}`, { ...headers, 'content-length': Buffer.byteLength(form) }, form);
  }

  async function get<T>(path: string): Promise<T> {
    const answer = await call('GET', path);
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${answer.reason}`);
    return (answer.body as { data: T }).data;
  }

  async function task(method: string, path: string, params?: Params): Promise<string | undefined> {
    const answer = await call(method, path, params);
    if (answer.status !== 200) throw new Error(`${method} ${path}: ${answer.status} ${answer.reason}`);
    return lab.cluster.tasks.ended((answer.body as { data: string }).data, 10_000);
  }

  async function upload(
    node: string,
    storage: string,
    name: string,
    bytes: Buffer,
    fields: Params = { content: 'iso' },
  ) {
    const parts = Object.entries(fields).map(
      ([field, value]) => `--b\r\nContent-Disposition: form-data; name="${field}"\r\n\r\n${value}\r\n`,
    );
    const file = `--b\r\nContent-Disposition: form-data; name="filename"; filename="${name}"\r\n\r\n`;
    const body = Buffer.concat([Buffer.from(parts.join('') + file), bytes, Buffer.from('\r\n--b--\r\n')]);
    const headers = { authorization, 'content-type': 'multipart/form-data; boundary=b', 'content-length': body.length };
    return send(lab, 'POST', `/api2/json/nodes/${node}/storage/${storage}/upload`, headers, body);
  }

  return { call, get, task, upload };
}
