import type { IncomingMessage } from 'node:http';
import { Problem } from './problem.ts';

/** An upload as `pveproxy` understands it: a few fields, and then the file, which ends it. */
export interface Upload {
  readonly fields: Readonly<Record<string, string>>;
  readonly filename: string;
  readonly bytes: AsyncIterable<Uint8Array>;
}

const order = ['content', 'checksum-algorithm', 'checksum'];
const headerEnd = Buffer.from('\r\n\r\n');
const mostHeaderBytes = 64 * 1024;

/**
 * Reads the fields before the file; the file's bytes follow as a stream. `pveproxy` looks for the parts with regular
 * expressions in one fixed order and stops at the file: fields in another order are a bare 400, fields after the file are not seen.
 */
export async function readUpload(request: IncomingMessage): Promise<Upload> {
  const boundary = /boundary="?([^";]+)"?/.exec(request.headers['content-type'] ?? '')?.[1];
  if (boundary === undefined) throw new Problem(400, 'Bad Request', { form: 'empty' });
  const source = request[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const fields: Record<string, string> = {};
  const delimiter = Buffer.from(`--${boundary}`);
  let rest = Buffer.alloc(0);
  let position = 0;

  async function until(mark: Buffer): Promise<Buffer> {
    for (;;) {
      const at = rest.indexOf(mark);
      if (at >= 0) {
        const found = rest.subarray(0, at);
        rest = rest.subarray(at + mark.length);
        return found;
      }
      const next = await source.next();
      if (next.done) throw noFile();
      if (rest.length > mostHeaderBytes) throw new Problem(400, 'Bad Request', { form: 'empty' });
      rest = Buffer.concat([rest, next.value]);
    }
  }

  await until(delimiter);
  for (;;) {
    const header = (await until(headerEnd)).toString('utf8');
    const name = /name="([^"]*)"/.exec(header)?.[1] ?? '';
    if (name === 'filename') {
      const filename = /filename="([^"]*)"/.exec(header)?.[1];
      if (!filename) throw noFile();
      return { fields, filename, bytes: fileBytes(source, rest, Buffer.from(`\r\n--${boundary}`)) };
    }
    const place = order.indexOf(name, position);
    if (place < 0) throw new Problem(400, 'Bad Request', { form: 'empty' });
    position = place + 1;
    fields[name] = (await until(Buffer.concat([Buffer.from('\r\n'), delimiter]))).toString('utf8').trim();
  }
}

/** The file's bytes up to the next boundary; what comes after it is read and thrown away. */
async function* fileBytes(source: AsyncIterator<Buffer>, first: Buffer, end: Buffer): AsyncGenerator<Uint8Array> {
  let held = first;
  for (;;) {
    const at = held.indexOf(end);
    if (at >= 0) {
      yield held.subarray(0, at);
      break;
    }
    // The boundary may lie across two chunks: the last bytes wait for the next one.
    const sure = Math.max(0, held.length - end.length);
    if (sure > 0) yield held.subarray(0, sure);
    const next = await source.next();
    if (next.done) throw new Problem(400, 'Bad Request', { form: 'empty' });
    held = Buffer.concat([held.subarray(sure), next.value]);
  }
  while (!(await source.next()).done);
}

function noFile(): Problem {
  return new Problem(500, 'upload failed at /usr/share/perl5/PVE/APIServer/AnyEvent.pm line 1317.', { form: 'text' });
}
