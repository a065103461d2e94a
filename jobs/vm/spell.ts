/** `1 CPU`, `4 CPUs`. */
export const spellCpus = (cpus: number): string => (cpus === 1 ? '1 CPU' : `${cpus} CPUs`);
