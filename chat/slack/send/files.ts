import { RemoteError } from '#base/errors.ts';
import { atSite } from '#base/site.ts';
import type { Place } from '#chat/platform.ts';
import type { Bench } from './bench.ts';

const timeoutMs = 60_000;

/** Puts a text as a file into a channel, or a thread of it (files.getUploadURLExternal, a POST, files.completeUploadExternal). */
export async function sendFile(
  bench: Bench,
  place: Place,
  { name, text }: { name: string; text: string },
): Promise<void> {
  const { clients, condition } = bench;
  // Slack takes no empty files.
  const bytes = new TextEncoder().encode(text === '' ? '\n' : text);
  const upload = await condition.call(() =>
    clients.api.files.getUploadURLExternal({ filename: name, length: bytes.length }),
  );
  const { upload_url: url, file_id: id } = upload;
  if (!url || !id) throw new RemoteError('Slack', 'gave no address for a file', { outcome: 'unknown' });
  await atSite('slack upload', () => put(url, bytes));
  const where = place.thread === undefined ? {} : { thread_ts: place.thread };
  await condition.call(() =>
    clients.api.files.completeUploadExternal({ files: [{ id, title: name }], channel_id: place.channel, ...where }),
  );
}

/** The SDK's own upload follows only addresses under the API's, when it is told to follow none elsewhere. */
async function put(url: string, body: Uint8Array<ArrayBuffer>): Promise<void> {
  let status: number;
  try {
    const response = await fetch(url, { method: 'POST', body, signal: AbortSignal.timeout(timeoutMs) });
    await response.body?.cancel();
    status = response.status;
  } catch (error) {
    throw new RemoteError('Slack', 'a file could not be sent', { outcome: 'passing', cause: error });
  }
  if (status >= 300) throw new RemoteError('Slack', `a file was refused: HTTP ${status}`, { outcome: 'passing' });
}
