/** What people write where a secret is to come, and what documents show in its place. */
const telltales = [
  /change[-_ ]?(me|this|it)|replace[-_ ]?(me|this|it)|place[-_ ]?holder|example|12345678/i,
  /…|\.\.\.|^<.*>$/,
  // `aaaaaaaa-bbbb-cccc-…`
  /([^ ])\1{7}/,
  // Nothing but words for a secret: `your-secret-token-here`.
  /^([-_. ]?(your|my|the|a|some|bot|api|access|app|web|secret|password|token|key|here|goes|todo|dummy|insert|xoxb|xapp|slack|discord|proxmox|pve))+$/i,
];

/** Whether a secret is one that anybody would guess: `change-me-change-me`, `AAAA…`, a row of zeros. */
export function isPlaceholder(text: string): boolean {
  const letters = new Set(text.toLowerCase().replaceAll(/[^a-z0-9]/g, ''));
  return letters.size < 4 || telltales.some((telltale) => telltale.test(text));
}

/** A rule for a zod schema: refuses placeholders, and never shows the value. */
export const noPlaceholder = [
  (text: string) => !isPlaceholder(text),
  'is a placeholder, and no secret; put the real one there (openssl rand -base64 24 makes one where it is yours to choose)',
] as const;
