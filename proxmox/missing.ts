import { ProxmoxError } from './errors.ts';

/** The answer of a read about one VM; undefined when there is no such VM on that node, of which Proxmox says 500. */
export async function unlessMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ProxmoxError && error.kind === 'missing' && /onfiguration file/.test(error.message))
      return undefined;
    throw error;
  }
}
