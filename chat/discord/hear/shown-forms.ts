import type { Form } from '#chat/form.ts';
import type { Filled } from '#chat/platform.ts';

/** The forms that this process has shown lately, so that one that was filled in wrongly can be opened again as it was. */
export interface ShownForms {
  remember(form: Form): Form;
  /** Keeps what was written; answers the token of a button that opens it again, or undefined when the form is not known here. */
  keep(token: string, values: Filled['values'], id: string): string | undefined;
  /** What such a button opens. */
  again(token: string): { readonly form: Form; readonly values: Filled['values'] } | undefined;
}

const most = 200;

export function openShownForms(): ShownForms {
  const forms = new Map<string, Form>();
  const kept = new Map<string, { readonly form: Form; readonly values: Filled['values'] }>();
  return {
    remember(form) {
      put(forms, form.token, form);
      return form;
    },
    keep(token, values, id) {
      const form = forms.get(token);
      if (!form) return undefined;
      put(kept, `again-${id}`, { form, values });
      return `again-${id}`;
    },
    again: (token) => kept.get(token),
  };
}

function put<T>(map: Map<string, T>, key: string, value: T): void {
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > most && oldest !== undefined) map.delete(oldest);
}
