import type { Datagram } from './udp.ts';

const nameError = 0x8183; // an answer, recursion wished and available, NXDOMAIN

/** There are no names on the segment: saying so at once spares machines the wait for a server that is not there. */
export function answerDns(query: Datagram): Datagram | undefined {
  if (query.payload.length < 12) return undefined;
  const question = questionEnd(query.payload);
  if (question === undefined) return undefined;
  const payload = Buffer.from(query.payload.subarray(0, question));
  payload.writeUInt16BE(nameError, 2);
  payload.writeUInt16BE(1, 4);
  payload.fill(0, 6, 12);
  return {
    fromMac: query.toMac,
    toMac: query.fromMac,
    fromIp: query.toIp,
    toIp: query.fromIp,
    fromPort: query.toPort,
    toPort: query.fromPort,
    payload,
  };
}

/** Where the first question ends: labels up to the empty one, then type and class. */
function questionEnd(payload: Buffer): number | undefined {
  let at = 12;
  while (at < payload.length && payload[at] !== 0) at += 1 + payload.readUInt8(at);
  return at + 5 <= payload.length ? at + 5 : undefined;
}
