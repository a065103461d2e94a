import { z } from 'zod';
import type { Api } from './api.ts';
import { at } from './encode.ts';
import { Amount, Flag } from './shapes.ts';

/**
 * Starts a program in the guest, without a shell; answers its process id. A program that does not exist has no certain answer: Proxmox breaks off.
 *
 * POST /nodes/{node}/qemu/{vmid}/agent/exec
 */
export async function agentExec(api: Api, node: string, vmid: number, command: readonly string[]): Promise<number> {
  const shape = z.object({ pid: Amount });
  return (await api.post(at`/nodes/${node}/qemu/${vmid}/agent/exec`, shape, { command })).pid;
}

/**
 * How a program that {@link agentExec} started is doing.
 *
 * GET /nodes/{node}/qemu/{vmid}/agent/exec-status
 */
export function agentExecStatus(api: Api, node: string, vmid: number, pid: number): Promise<ExecStatus> {
  return api.get(at`/nodes/${node}/qemu/${vmid}/agent/exec-status`, ExecStatus, { pid });
}

/**
 * A file of the guest, whose answer may have `mostBytes`. Throws a `ProxmoxError` of kind `answer too long` when it has more.
 *
 * GET /nodes/{node}/qemu/{vmid}/agent/file-read
 */
export async function agentFileRead(
  api: Api,
  node: string,
  vmid: number,
  file: string,
  mostBytes: number,
): Promise<string> {
  const shape = z.object({ content: z.string() });
  const path = at`/nodes/${node}/qemu/${vmid}/agent/file-read`;
  return (await api.get(path, shape, { file }, { mostBytes })).content;
}

export interface ExecStatus {
  readonly exited: boolean;
  /** Undefined while it runs, and when a signal ended it. */
  readonly code?: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

const ExecStatus = z
  .object({
    exited: Flag,
    exitcode: Amount.optional(),
    'out-data': z.string().default(''),
    'err-data': z.string().default(''),
  })
  .transform(
    (status): ExecStatus => ({
      exited: status.exited,
      code: status.exitcode,
      stdout: status['out-data'],
      stderr: status['err-data'],
    }),
  );
