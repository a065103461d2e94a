import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ApiSchema } from './schema.ts';
import type { Profile } from './settings.ts';

/** The files with Proxmox's descriptions of its API, by version, where a checkout has them beside it. */
export const schemaFiles: Readonly<Record<Profile, string | undefined>> = {
  '8.4': findSchema('8.4'),
  '9.2': findSchema('9.2'),
};

/** What is in them. */
export const apiSchemas: Readonly<Record<Profile, ApiSchema | undefined>> = {
  '8.4': readSchema('8.4'),
  '9.2': readSchema('9.2'),
};

/** The options of a lab that checks everything against Proxmox's description of this version; without the files it checks nothing. */
export function described(profile: Profile): { readonly schema?: ApiSchema } {
  const schema = apiSchemas[profile];
  return schema ? { schema } : {};
}

function findSchema(version: Profile): string | undefined {
  const file = resolve(import.meta.dirname, `../../shared/data/pve-api-schema-${version}.json`);
  return existsSync(file) ? file : undefined;
}

function readSchema(version: Profile): ApiSchema | undefined {
  const file = schemaFiles[version];
  return file === undefined ? undefined : (JSON.parse(readFileSync(file, 'utf8')) as ApiSchema);
}
