/** How often each kind of call was made: `GET /nodes/{node}/qemu/{vmid}/config` → 2. */
export type CallCounts = Readonly<Record<string, number>>;

/** Changes of a VM that is there already, before each of which it is read whose it is. */
const change = /^(PUT .*\/(config|resize)|POST .*\/status\/\w+)$/;

/** The calls that the aims are about: without one read of a VM's identity for each change, and those of its host key. */
export function countedCalls(calls: CallCounts): number {
  const sum = (pattern: RegExp) =>
    Object.entries(calls).reduce((all, [call, times]) => all + (pattern.test(call) ? times : 0), 0);
  return sum(/./) - Math.min(sum(/^GET .*\/config$/), sum(change)) - sum(/agent\/file-read$/);
}
