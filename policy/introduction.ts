import type { Principal } from './principal.ts';

/** A name that is longer, or that turns the text around it, has no place in a configuration. */
const longest = 60;

/** What whoever runs the bot writes so that an account is known: the line to paste, which is YAML whatever the name is. */
export function introduction({ account, name }: Pick<Principal, 'account' | 'name'>): { readonly hint: string } {
  const shown = name.replace(/\p{C}/gu, '').slice(0, longest);
  const key = shown
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 30);
  const line = `- { key: ${JSON.stringify(key || 'somebody')}, name: ${JSON.stringify(shown)}, accounts: [${JSON.stringify(account)}] }`;
  return { hint: `Whoever runs the bot can let you in with this line below people: in its configuration: ${line}` };
}
