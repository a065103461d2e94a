import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { json } from 'node:stream/consumers';
import type { TLSSocket } from 'node:tls';
import type { LabReady } from '#bot/up/lab.ts';

/** What did not fit Proxmox's description of its API, by the lab's own desk. */
export async function violationsOf({ url, fingerprint }: Pick<LabReady, 'url' | 'fingerprint'>): Promise<unknown> {
  const asked = request(`${url}/_lab/violations`, { rejectUnauthorized: false }).end();
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  assert.equal((response.socket as TLSSocket).getPeerCertificate().fingerprint256, fingerprint);
  return ((await json(response)) as { data: unknown }).data;
}
