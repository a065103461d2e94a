import { createHash } from 'node:crypto';
import { spellBytes } from '#base/amounts.ts';
import { agentFileRead } from './agent-exec.ts';
import type { Api } from './api.ts';
import { isTooLong, ProxmoxError } from './errors.ts';

/** What the guest agent says of the SSH host key, or why it does not; `why` goes behind a colon. */
export type ToldHostKey = { readonly hostKey: string } | { readonly why: string };

/** A key of 16,384 bits takes 3 KiB. */
const mostBytes = 64 * 1024;

/**
 * The fingerprint (`SHA256:…`) of a VM's own SSH host key of a type, read from its disk through the hypervisor: nobody
 * else on the network can answer this. Needs VM.Monitor before Proxmox 9, VM.GuestAgent.FileRead from then on.
 *
 * GET /nodes/{node}/qemu/{vmid}/agent/file-read
 */
export async function readHostKey(
  api: Api,
  node: string,
  vmid: number,
  keyType: string,
  signal: AbortSignal,
): Promise<ToldHostKey> {
  const kind = /^(?:ssh|ecdsa)-/.test(keyType) ? keyType.replace(/^ssh-|-sha2-.*$/g, '') : undefined;
  if (kind === undefined) return { why: `no file is known for keys of type ${keyType}` };
  const file = `/etc/ssh/ssh_host_${kind}_key.pub`;
  try {
    const [, blob = ''] = (await agentFileRead(api, node, vmid, file, mostBytes)).trim().split(/\s+/);
    if (blob === '') return { why: `${file} holds no key` };
    const digest = createHash('sha256').update(Buffer.from(blob, 'base64')).digest('base64');
    return { hostKey: `SHA256:${digest.replace(/=+$/, '')}` };
  } catch (error) {
    signal.throwIfAborted();
    if (isTooLong(error)) return { why: `${file} is longer than ${spellBytes(mostBytes)}` };
    if (!(error instanceof ProxmoxError)) throw error;
    const mayNot = error.kind === 'permission';
    return { why: mayNot ? 'the token may not read files of guests' : `${file} could not be read` };
  }
}
