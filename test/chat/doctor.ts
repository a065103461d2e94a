import { systemClock } from '#base/clock.ts';
import { textOf } from '../console.ts';
import type { ChatSetting } from './setting.ts';

/** Asks `/bot doctor` on the console until it says this; answers what it says of chat. */
export async function doctorSays({ setting: { ana } }: ChatSetting, pattern: RegExp): Promise<string> {
  for (let tries = 0; tries < 200; tries++) {
    const known = new Set(ana.messages.keys());
    await ana.type('/bot doctor');
    const report = () =>
      [...ana.messages.values()].flatMap(({ id, content }) =>
        known.has(id) || content.kind !== 'card' ? [] : (/^Chat\n[\s\S]*/m.exec(textOf(content.card))?.[0] ?? []),
      )[0];
    while (report() === undefined) await systemClock.sleep(2);
    const text = report() ?? '';
    if (pattern.test(text)) return text;
    await systemClock.sleep(20);
  }
  throw new Error(`the doctor never said ${pattern}:\n${ana.transcript()}`);
}
