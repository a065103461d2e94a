import { z } from 'zod';
import type { Said } from './classify.ts';
import { shorten } from './shorten.ts';

/** An HTTP answer as it came. */
export interface Answer {
  readonly status: number;
  /** The reason phrase: before Proxmox VE 8.4 the only place that says what is wrong. */
  readonly reason: string;
  readonly body: string;
}

/** What a good answer holds; `total` is the length of the list of which `data` is a page, 0 when it is none. */
export interface Good {
  readonly data: unknown;
  readonly total: number;
}

const Envelope = z.object({
  data: z.unknown(),
  total: z.unknown().optional(),
  message: z.string().nullish(),
  errors: z.record(z.string(), z.unknown()).nullish(),
});

/** Whatever is said goes into errors, cards and the run's record, and is cut off at these lengths. */
const mostCharacters = 1000;
const mostFields = 20;
const ofField = { name: 100, text: 500 };

/** What `data` of a good answer holds; `{ said }` for a bad one, from the body's message and errors, its plain text, or the reason phrase. */
export function readAnswer(answer: Answer, changes: boolean): Good | { readonly said: Said } {
  const { status, reason, body } = answer;
  const envelope = Envelope.safeParse(parseJson(body)).data;
  if (status >= 200 && status < 300) {
    if (envelope) return { data: envelope.data, total: Number(envelope.total ?? 0) || 0 };
    return { said: { status, changes, text: 'the answer is not that of a Proxmox VE API' } };
  }
  const plain = envelope || /<html/i.test(body) || body.length > 500 ? '' : body.trim();
  const words = envelope?.message?.trim() || plain || reason.trim() || `status ${status}`;
  const text = shorten(words, mostCharacters).replaceAll(/\s*\n\s*/g, ' ');
  const fields = envelope?.errors ? readFields(envelope.errors) : undefined;
  return { said: { status, changes, text, ...(fields ? { fields } : {}) } };
}

function readFields(errors: Readonly<Record<string, unknown>>): Record<string, string> {
  const fields = Object.entries(errors).slice(0, mostFields);
  return Object.fromEntries(
    fields.map(([name, said]) => [
      shorten(name, ofField.name),
      // Not `String` of a list, which goes as deep as the list does.
      shorten(typeof said === 'object' ? 'is wrong' : String(said), ofField.text),
    ]),
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Empty bodies, plain text and error pages are usual here; the caller tells them apart by the status.
    return undefined;
  }
}
