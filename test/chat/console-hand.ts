import { randomUUID } from 'node:crypto';
import type { Card } from '#base/card.ts';

/** Somebody at the console who presses by token, several times and twice the same if need be, and does not look at the page. */
export interface ConsoleHand {
  type(text: string): Promise<void>;
  /** What waits for them. */
  home(): Promise<Card>;
  press(token: string, id?: string): Promise<void>;
  /** Presses Reject and sends the form that it opens. */
  reject(token: string, reason: string): Promise<void>;
}

/** Signs in where anybody may be picked (the lab). */
export async function openHand(url: string, person: string, channel = 'ops'): Promise<ConsoleHand> {
  const headers = { Origin: new URL(url).origin, 'Content-Type': 'application/json' };
  let signed: { readonly Authorization?: string } = {};
  const call = async (path: string, body?: object): Promise<Readonly<Record<string, unknown>>> => {
    const sent = body ? { method: 'POST', body: JSON.stringify(body) } : {};
    const response = await fetch(new URL(path, url), { ...sent, headers: { ...headers, ...signed } });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
    return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
  };
  const { token } = await call('/api/sessions', { person });
  signed = { Authorization: `Bearer ${token}` };
  const press = (pressed: string, id: string = randomUUID()) => call('/api/presses', { id, channel, token: pressed });
  return {
    type: async (text) => void (await call('/api/commands', { id: randomUUID(), channel, text })),
    home: async () => (await call(`/api/home?${new URLSearchParams({ channel })}`)).card as Card,
    press: async (pressed, id) => void (await press(pressed, id)),
    async reject(pressed, reason) {
      const { form } = (await press(pressed)) as { form: { token: string } };
      await call('/api/forms', { id: randomUUID(), channel, token: form.token, values: { reason } });
    },
  };
}
