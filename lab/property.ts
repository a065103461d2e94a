/** Proxmox's property strings: `local:iso/a.iso,media=cdrom`, `virtio=BC:24:11:…,bridge=vmbr0`, `ip=dhcp`. */
export type Properties = Readonly<Record<string, string>>;

/** Reads a property string; a piece without `=` belongs to `defaultKey`. */
export function readProperties(value: string, defaultKey = ''): Record<string, string> {
  const found: Record<string, string> = {};
  for (const piece of value.split(',').filter((part) => part.trim() !== '')) {
    const at = piece.indexOf('=');
    if (at < 0) found[defaultKey] = piece.trim();
    else found[piece.slice(0, at).trim()] = piece.slice(at + 1).trim();
  }
  return found;
}

/** Writes one back as Proxmox prints it: the default key's value bare and first, the others sorted by name. */
export function writeProperties(properties: Properties, defaultKey = ''): string {
  const first = properties[defaultKey];
  const others = Object.keys(properties)
    .filter((key) => key !== defaultKey)
    .sort()
    .map((key) => `${key}=${properties[key]}`);
  return [...(first === undefined ? [] : [first]), ...others].join(',');
}

/** Bytes as Proxmox writes a disk's size: `2G`, `528K`. */
export function writeSize(bytes: number): string {
  for (const [unit, size] of [
    ['T', 1024 ** 4],
    ['G', 1024 ** 3],
    ['M', 1024 ** 2],
    ['K', 1024],
  ] as const) {
    if (bytes >= size && bytes % size === 0) return `${bytes / size}${unit}`;
  }
  return `${bytes}`;
}

/** Bytes of `2G`, `512M`, `+1G` or a bare number of bytes; undefined when it is not a size. */
export function readSize(value: string): number | undefined {
  const match = /^\+?(\d+(?:\.\d+)?)([KMGT])?$/.exec(value);
  if (!match) return undefined;
  const power = { K: 1, M: 2, G: 3, T: 4 }[match[2] ?? ''] ?? 0;
  return Math.round(Number(match[1]) * 1024 ** power);
}
