import { RemoteError } from '#base/errors.ts';

/** A checksum that a vendor publishes for an image. */
export type Checksum = { readonly algorithm: 'sha256' | 'sha512'; readonly hex: string };

/**
 * The checksum of `file` in the text of a SUMS file: `<hex>  name`, `<hex> *name`, or BSD's `SHA256 (name) = <hex>`. Throws a `RemoteError`
 * when the file is not listed.
 */
export function readSums(text: string, file: string, where: string): Checksum {
  for (const line of text.split('\n')) {
    const match = /^([0-9a-f]{64}|[0-9a-f]{128})\s+\*?(.+?)\s*$/i.exec(line);
    const bsd = /^SHA(?:256|512) \((.+)\) = ([0-9a-f]{64}|[0-9a-f]{128})\s*$/i.exec(line);
    const [hex, name] = match ? [match[1], match[2]] : [bsd?.[2], bsd?.[1]];
    if (!hex || name?.replace(/^\.\//, '') !== file) continue;
    return { algorithm: hex.length === 64 ? 'sha256' : 'sha512', hex: hex.toLowerCase() };
  }
  throw new RemoteError(new URL(where).host, `${where} lists no checksum for ${file}.`, {
    outcome: 'permanent',
    hint: 'Look at the catalog entry’s url and sums in config.yaml.',
  });
}
