import type { ChatListener, Filled, Invocation, Press, Wanted } from './platform.ts';

/** A bot that only notes what it hears; what it does else is put in by the test. */
export interface Notes {
  readonly listener: ChatListener;
  readonly heard: { commands: Invocation[]; presses: Press[]; forms: Filled[]; wanted: Wanted[] };
  readonly does: { -readonly [Name in keyof ChatListener]?: ChatListener[Name] };
}

export function takeNotes(): Notes {
  const heard: Notes['heard'] = { commands: [], presses: [], forms: [], wanted: [] };
  const does: Notes['does'] = {};
  const listener: ChatListener = {
    async command(typed) {
      heard.commands.push(typed);
      return (await does.command?.(typed)) ?? 'public';
    },
    async press(press) {
      heard.presses.push(press);
      return (await does.press?.(press)) ?? 'private';
    },
    async submit(filled) {
      heard.forms.push(filled);
      return does.submit?.(filled);
    },
    async words(wanted) {
      heard.wanted.push(wanted);
      return (await does.words?.(wanted)) ?? [];
    },
    complete: async (text, by, place) => (await does.complete?.(text, by, place)) ?? [],
    home: async (by, place) =>
      (await does.home?.(by, place)) ?? {
        tone: 'info',
        fallback: 'Yours.',
        blocks: [{ kind: 'title', text: 'Yours' }],
      },
  };
  return { listener, heard, does };
}
