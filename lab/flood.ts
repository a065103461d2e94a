import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from './faults.ts';

/**
 * Answers more than anybody should read: `huge` sends `bytes` of rows as fast as they are taken,
 * `endless` one space every 10 ms for as long as the client stays. Nothing of it is held in memory;
 * `sent` of the fault counts what went out.
 */
export async function flood(fault: Fault, response: ServerResponse): Promise<void> {
  response.writeHead(200, 'OK', { 'Content-Type': 'application/json;charset=UTF-8', Connection: 'close' });
  // The client leaves, as a rule, before all is sent.
  await pipeline(counted(fault), response).catch(() => undefined);
}

async function* counted(fault: Fault): AsyncGenerator<Buffer> {
  for await (const bytes of fault.mode === 'huge' ? rows(fault.bytes ?? 500_000_000) : spaces()) {
    fault.sent = (fault.sent ?? 0) + bytes.length;
    yield bytes;
  }
}

function* rows(bytes: number): Generator<Buffer> {
  yield Buffer.from('{"data":[');
  for (let left = bytes; left > 0; left -= thousandRows.length) yield thousandRows;
  yield Buffer.from('{}]}');
}

const thousandRows = Buffer.from('{"vmid":100,"name":"all work and no play makes jack a dull boy"},'.repeat(1000));

async function* spaces(): AsyncGenerator<Buffer> {
  yield Buffer.from('{"data":[');
  for (;;) {
    yield Buffer.from(' ');
    await sleep(10, undefined, { ref: false });
  }
}
