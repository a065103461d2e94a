import type { ChatListener } from '#chat/platform.ts';
import { errorCard } from '../cards/error-card.ts';
import { homeCard } from '../cards/home-card.ts';
import type { Office } from '../office.ts';
import { completeLine } from './complete.ts';
import { submitForm } from './forms.ts';
import { pressButton } from './press.ts';
import { takeLine } from './take.ts';
import { threadLine } from './thread-line.ts';
import { privately } from './whisper.ts';
import { wordsFor } from './words.ts';

/** What happens when somebody types or presses: the one way in, the same for every platform. */
export function makeListener(office: Office): ChatListener {
  const { people } = office;
  return {
    async command(typed) {
      const by = await people.whoIs(typed.by);
      return privately(office, { ...typed, by }, async () => {
        const text = await threadLine(office, typed);
        return takeLine(office, { ...typed, by, text });
      });
    },
    async press(press) {
      const by = await people.whoIs(press.by);
      return privately(office, { ...press, by }, () => pressButton(office, { ...press, by }));
    },
    async submit(filled) {
      const by = await people.whoIs(filled.by);
      return submitForm(office, { ...filled, by });
    },
    async complete(text, by, place) {
      return completeLine(office, text, await people.whoIs(by), place);
    },
    async words(wanted) {
      return wordsFor(office, { ...wanted, by: await people.whoIs(wanted.by) });
    },
    async home(account, place) {
      const by = await people.whoIs(account);
      try {
        office.authorize({ kind: 'command', command: { path: 'me show', risk: 'read' } }, by);
        return await office.buttons.seal(await homeCard(office, by, place));
      } catch (error) {
        return office.buttons.seal(errorCard(error));
      }
    },
  };
}
