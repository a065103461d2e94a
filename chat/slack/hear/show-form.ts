import { sentence } from '#base/errors.ts';
import type { Form } from '#chat/form.ts';
import type { Place } from '#chat/platform.ts';
import { codeOf } from '../errors.ts';
import { formView } from '../modal.ts';
import { offerForm, said, tellAside } from './aside.ts';
import type { Ears } from './ears.ts';

/** Whom to show a form, and what allows it: Slack's trigger is good for 3 s and once. */
export interface Asked {
  readonly trigger: string;
  readonly place: Place;
  readonly user: string;
  /** What they typed, to be offered again when the trigger was too old. */
  readonly line: string | undefined;
}

/** Shows a form as a modal (views.open). */
export async function showForm(ears: Ears, form: Form, { trigger, place, user, line }: Asked): Promise<void> {
  try {
    const view = formView(form, place);
    await ears.condition.call(() => ears.clients.views.views.open({ trigger_id: trigger, view }));
  } catch (error) {
    const code = codeOf((error as Error).cause) ?? '';
    ears.log.warn({ reason: sentence(error) }, 'a form could not be shown');
    const again =
      line !== undefined && ['expired_trigger_id', 'exchanged_trigger_id', 'trigger_expired'].includes(code);
    await tellAside(
      ears,
      place,
      user,
      again ? offerForm(line) : said(`The form could not be shown: ${sentence(error)}`),
    );
  }
}
