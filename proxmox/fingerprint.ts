/** A SHA-256 fingerprint as Node and Proxmox print it (`AB:CD:…`), from any usual writing; undefined when it is none. */
export function normalFingerprint(text: string): string | undefined {
  const digits = text
    .trim()
    .replace(/^sha-?256( fingerprint)?[:= ]/i, '')
    .replaceAll(':', '')
    .toUpperCase();
  if (!/^[0-9A-F]{64}$/.test(digits)) return undefined;
  return digits.match(/../g)?.join(':');
}
