import type { Block, Card } from '#base/card.ts';
import { once } from '#chat/once-for-tests.ts';
import type { Stage } from './stage.ts';

/** Makes a test that runs on a fresh stage. */
export type On = (title: string, act: (stage: Stage) => Promise<void>) => void;

export const card = (text: string, ...more: Block[]): Card => ({
  tone: 'info',
  fallback: text,
  blocks: [{ kind: 'text', text }, ...more],
});

export const button = (label: string, token: string, confirm?: string): Block => ({
  kind: 'actions',
  actions: [{ label, token, ...(confirm === undefined ? {} : { confirm }) }],
});

/** How many of these texts have it in them. */
export const count = (texts: readonly string[], part: RegExp): number => texts.filter((text) => part.test(text)).length;

/** Resolves when everything that was said before has been seen, so that what is not there does not come any more. */
export async function settled({ ana, messages, platform, place, until }: Stage): Promise<void> {
  await platform.post(place, card('that was all'), once('end'));
  await platform.whisper(place, ana.account, card('that was all'), once('end for Ana'));
  const seen = () => count(messages(), /that was all/) * count([...ana.whispers(), ...ana.direct()], /that was all/);
  await until(() => seen() > 0, 'the end');
}
