import { macAt, type Switch } from './switch.ts';
import { addressAt, writeAddress, writeMac } from './udp.ts';

const everyone = 'ff:ff:ff:ff:ff:ff';

/**
 * A sender that still writes to the MAC of a machine that is gone would never notice that its address has moved to a new
 * machine (the gateway's table does not age). So the switch asks for the address in the sender's name; the answer corrects it.
 */
export function askAgain(frame: Buffer, network: Switch): void {
  const toMac = macAt(frame, 0);
  const unicast = (frame.readUInt8(0) & 1) === 0;
  if (!unicast || frame.length < 34 || frame.readUInt16BE(12) !== 0x0800 || network.knows(toMac)) return;
  network.inject(arpRequest(macAt(frame, 6), addressAt(frame, 26), addressAt(frame, 30)));
}

function arpRequest(fromMac: string, fromIp: string, forIp: string): Buffer {
  const frame = Buffer.alloc(60);
  writeMac(frame, 0, everyone);
  writeMac(frame, 6, fromMac);
  frame.writeUInt16BE(0x0806, 12);
  frame.set([0, 1, 8, 0, 6, 4, 0, 1], 14);
  writeMac(frame, 22, fromMac);
  writeAddress(frame, 28, fromIp);
  writeAddress(frame, 38, forIp);
  return frame;
}
