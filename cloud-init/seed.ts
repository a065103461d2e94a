import { writeIso } from './iso.ts';

/** The files of a NoCloud seed; the names are cloud-init's. */
export interface SeedFiles {
  readonly 'user-data': string;
  readonly 'meta-data': string;
  readonly 'network-config'?: string;
  readonly 'vendor-data'?: string;
}

/** An ISO image that cloud-init finds as its NoCloud medium, by the volume id `cidata`. Equal files give equal bytes. */
export function seedIso(seed: SeedFiles): Uint8Array {
  const files = Object.entries(seed).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return writeIso(
    'cidata',
    files.map(([name, text]) => ({ name, bytes: Buffer.from(text, 'utf8') })),
  );
}
