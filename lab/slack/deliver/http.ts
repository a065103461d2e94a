import { createHmac } from 'node:crypto';
import { takeDeliveryFault } from '../faults.ts';
import type { World } from '../world.ts';
import { awaitOutcome, type Delivery, type Outcome } from './delivery.ts';

/** HTTP mode: posts it, signed, to the app's request URL. */
export async function post(world: World, url: string, delivery: Delivery): Promise<Outcome> {
  const fault = takeDeliveryFault(world.faults, delivery.kind);
  const { outcome, settle } = awaitOutcome(world);
  const stop = new AbortController();
  const go = () => {
    if (fault?.mode === 'drop-before') return settle({ ok: false, error: 'dispatch_failed' });
    const lost = fault?.mode === 'drop-after' || fault?.mode === 'drop-at-ack';
    const copies = fault?.mode === 'again' ? (fault.copies ?? 2) : 1;
    for (let copy = 0; copy < copies; copy++) {
      delivery.sent += 1;
      void once(world, url, delivery, stop.signal).then((how) => {
        if (!lost || !how.ok) settle(how);
      });
    }
  };
  if (fault?.mode === 'hold') world.clock.after(fault.delayMs ?? 0, go);
  else go();
  const how = await outcome;
  stop.abort();
  return how;
}

async function once(
  world: World,
  url: string,
  delivery: Delivery,
  signal: AbortSignal,
): Promise<Partial<Outcome> & { ok: boolean }> {
  const { type, body } = write(delivery);
  const at = String(Math.trunc(world.clock.now() / 1_000));
  const { retry } = delivery;
  const headers = {
    'Content-Type': type,
    'User-Agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
    'X-Slack-Request-Timestamp': at,
    'X-Slack-Signature': sign(world.app.signingSecret, at, body),
    ...(retry ? { 'X-Slack-Retry-Num': String(retry.attempt), 'X-Slack-Retry-Reason': retry.reason } : {}),
  };
  try {
    const response = await fetch(url, { method: 'POST', headers, body, signal });
    const text = await response.text();
    if (!response.ok) return { ok: false, error: 'dispatch_unknown_error' };
    return { ok: true, payload: readAnswer(response.headers.get('content-type') ?? '', text) };
  } catch {
    // It refused, broke off, or was stopped because Slack gave up.
    return { ok: false, error: 'dispatch_failed' };
  }
}

/** `v0=` and the HMAC-SHA256 of `v0:TIMESTAMP:BODY`, as the app checks it. */
function sign(secret: string, at: string, body: string): string {
  return `v0=${createHmac('sha256', secret).update(`v0:${at}:${body}`).digest('hex')}`;
}

function write({ kind, payload }: Delivery): { type: string; body: string } {
  const form = 'application/x-www-form-urlencoded';
  if (kind === 'events_api') return { type: 'application/json', body: JSON.stringify(payload) };
  if (kind === 'interactive')
    return { type: form, body: `${new URLSearchParams({ payload: JSON.stringify(payload) })}` };
  return { type: form, body: `${new URLSearchParams(payload as Record<string, string>)}` };
}

/** A body that is not JSON is the text of an answer. */
function readAnswer(type: string, text: string): Record<string, unknown> {
  if (text === '') return {};
  return type.startsWith('application/json') ? (JSON.parse(text) as Record<string, unknown>) : { text };
}
