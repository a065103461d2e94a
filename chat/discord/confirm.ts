/** Stands before the token of a button that asks once more: Discord has no dialogs, so a private message asks. */
export const confirmMark = '?';

/** The token of a pressed button, and whether it has to be asked for once more. */
export function readButton(customId: string): { readonly token: string; readonly confirm: boolean } {
  const confirm = customId.startsWith(confirmMark);
  const token = (confirm ? customId.slice(confirmMark.length) : customId).replace(/~\d+$/, '');
  return { token, confirm };
}
