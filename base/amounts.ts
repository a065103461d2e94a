/** `1 CPU`, `4 CPUs`. */
export const spellCpus = (cpus: number): string => (cpus === 1 ? '1 CPU' : `${cpus} CPUs`);

/** An amount of memory as people say it: `4 GiB`, `1.5 GiB`, `512 MiB`; what is no half of a GiB stays in MiB. */
export function spellMemory(mib: number): string {
  return mib >= 1024 && mib % 512 === 0 ? `${mib / 1024} GiB` : `${mib} MiB`;
}

/** At least so much, for what is left somewhere: `3.4 GiB`, `512 MiB`. */
export function spellAtLeast(mib: number): string {
  const left = Math.max(0, Math.floor(mib));
  return left >= 1024 ? `${Math.floor(left / 102.4) / 10} GiB` : `${left} MiB`;
}

/** An amount of bytes as people say it, rounded down: `512 bytes`, `64 KiB`, `4 MiB`, `1.2 GiB`. */
export function spellBytes(bytes: number): string {
  if (bytes < 1024) return bytes === 1 ? '1 byte' : `${bytes} bytes`;
  const power = Math.min(3, Math.floor(Math.log2(bytes) / 10));
  return `${Math.floor((bytes / 1024 ** power) * 10) / 10} ${['', 'KiB', 'MiB', 'GiB'][power]}`;
}
