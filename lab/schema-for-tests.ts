import { existsSync, readFileSync } from 'node:fs';
import type { ApiSchema } from './schema.ts';
import type { Profile } from './settings.ts';

/** Proxmox's descriptions of its API, by version, where a checkout has them beside it. */
export const apiSchemas: Readonly<Record<Profile, ApiSchema | undefined>> = {
  '8.4': readSchema('8.4'),
  '9.2': readSchema('9.2'),
};

function readSchema(version: Profile): ApiSchema | undefined {
  const file = new URL(`../../shared/data/pve-api-schema-${version}.json`, import.meta.url);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as ApiSchema) : undefined;
}
