import { macAt } from './switch.ts';

/** A UDP packet in an IPv4 Ethernet frame. */
export interface Datagram {
  readonly fromMac: string;
  readonly toMac: string;
  readonly fromIp: string;
  readonly toIp: string;
  readonly fromPort: number;
  readonly toPort: number;
  readonly payload: Buffer;
}

const ipv4 = 0x0800;
const udp = 17;
const ipAt = 14;

/** The UDP packet in a frame; undefined when it is something else, or a fragment. */
export function readDatagram(frame: Buffer): Datagram | undefined {
  if (frame.length < ipAt + 28 || frame.readUInt16BE(12) !== ipv4 || frame[ipAt + 9] !== udp) return undefined;
  if ((frame.readUInt16BE(ipAt + 6) & 0x3fff) !== 0) return undefined;
  const udpAt = ipAt + (frame.readUInt8(ipAt) & 15) * 4;
  if (frame.length < udpAt + 8) return undefined;
  return {
    toMac: macAt(frame, 0),
    fromMac: macAt(frame, 6),
    fromIp: addressAt(frame, ipAt + 12),
    toIp: addressAt(frame, ipAt + 16),
    fromPort: frame.readUInt16BE(udpAt),
    toPort: frame.readUInt16BE(udpAt + 2),
    payload: frame.subarray(udpAt + 8, udpAt + frame.readUInt16BE(udpAt + 4)),
  };
}

/** The frame of a UDP packet; its own checksum is left out, which IPv4 allows. */
export function writeDatagram(datagram: Datagram): Buffer {
  const { payload } = datagram;
  const frame = Buffer.alloc(ipAt + 28 + payload.length);
  writeMac(frame, 0, datagram.toMac);
  writeMac(frame, 6, datagram.fromMac);
  frame.writeUInt16BE(ipv4, 12);
  frame.writeUInt8(0x45, ipAt);
  frame.writeUInt16BE(28 + payload.length, ipAt + 2);
  frame.writeUInt8(64, ipAt + 8);
  frame.writeUInt8(udp, ipAt + 9);
  writeAddress(frame, ipAt + 12, datagram.fromIp);
  writeAddress(frame, ipAt + 16, datagram.toIp);
  frame.writeUInt16BE(checksum(frame.subarray(ipAt, ipAt + 20)), ipAt + 10);
  frame.writeUInt16BE(datagram.fromPort, ipAt + 20);
  frame.writeUInt16BE(datagram.toPort, ipAt + 22);
  frame.writeUInt16BE(8 + payload.length, ipAt + 24);
  payload.copy(frame, ipAt + 28);
  return frame;
}

export function addressAt(bytes: Buffer, at: number): string {
  return [...bytes.subarray(at, at + 4)].join('.');
}

export function writeAddress(bytes: Buffer, at: number, address: string): void {
  bytes.set(address.split('.').map(Number), at);
}

export function writeMac(bytes: Buffer, at: number, mac: string): void {
  bytes.write(mac.replaceAll(':', ''), at, 'hex');
}

/** The Internet checksum of a header whose own field is zero. */
function checksum(header: Buffer): number {
  let sum = 0;
  for (let at = 0; at < header.length; at += 2) sum += header.readUInt16BE(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}
