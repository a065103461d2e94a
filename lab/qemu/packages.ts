export interface HostPackage {
  /** The Debian package. */
  readonly name: string;
  /** The command it brings; the package is missing when this one is. */
  readonly command: string;
}

/** What the engine and its image need on the machine that runs the lab. */
export const requiredPackages: readonly HostPackage[] = [
  { name: 'qemu-system-x86', command: 'qemu-system-x86_64' },
  { name: 'qemu-utils', command: 'qemu-img' },
  { name: 'genisoimage', command: 'genisoimage' },
  { name: 'mmdebstrap', command: 'mmdebstrap' },
  { name: 'e2fsprogs', command: 'mke2fs' },
];
