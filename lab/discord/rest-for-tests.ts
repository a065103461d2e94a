import type { DiscordLab } from './start.ts';

export interface Answered {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly headers: Headers;
}

/** One request with the bot's token, without any client library. `path` after `/api/v10`. */
export async function ask(lab: DiscordLab, method: string, path: string, body?: unknown): Promise<Answered> {
  const form = body instanceof FormData;
  const response = await fetch(`${lab.api}/v10${path}`, {
    method,
    headers: { authorization: `Bot ${lab.token}`, ...(form ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: form ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? {} : JSON.parse(text), headers: response.headers };
}

/** `404 10008`, to compare in one go. */
export function codeOf({ status, body }: Answered): string {
  return `${status} ${body.code}`;
}
