import { UserError } from '#base/errors.ts';
import { own } from '#base/own.ts';
import { knownOnes } from '#base/suggest.ts';
import type { CatalogEntry, Settings } from '../settings.ts';

/** The catalog's entry with this name. Throws a `UserError` when there is none. */
export function catalogEntry(settings: Settings, name: string): CatalogEntry {
  const entry = own(settings.templates, name);
  if (entry) return entry;
  throw new UserError(
    `There is no template "${name}" in the catalog. ${knownOnes(name, Object.keys(settings.templates))}`,
    {
      hint: '/template list',
    },
  );
}
