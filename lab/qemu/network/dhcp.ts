import { addressAt, type Datagram, writeAddress } from './udp.ts';

/** What the server tells every client. */
export interface DhcpNetwork {
  readonly server: string;
  readonly netmask: string;
  readonly router: string;
  readonly dns: string;
  readonly leaseSeconds: number;
}

/** The address of a client with this MAC: always the same, as long as addresses last. */
export type Lease = (mac: string) => string;

const cookie = 0x63825363;
const optionsAt = 240;
const option = { netmask: 1, router: 3, dns: 6, asked: 50, leaseTime: 51, type: 53, server: 54, end: 255 } as const;
const message = { discover: 1, offer: 2, request: 3, decline: 4, ack: 5, nak: 6 } as const;

/** The server's answer to a client's packet (RFC 2131); undefined when it needs none. */
export function answerDhcp(
  request: Datagram,
  network: DhcpNetwork,
  serverMac: string,
  lease: Lease,
): Datagram | undefined {
  const { payload } = request;
  if (payload.length < optionsAt || payload[0] !== 1 || payload.readUInt32BE(236) !== cookie) return undefined;
  const options = readOptions(payload);
  const asked = options.get(option.type)?.[0];
  if (asked !== message.discover && asked !== message.request) return undefined;
  const chosenServer = options.get(option.server);
  if (chosenServer && addressAt(chosenServer, 0) !== network.server) return undefined;

  const address = lease(payload.toString('hex', 28, 34).replaceAll(/(..)(?=.)/g, '$1:'));
  const wanted = wantedAddress(payload, options);
  const refused = asked === message.request && wanted !== address;
  const type = refused ? message.nak : asked === message.discover ? message.offer : message.ack;
  const client = addressAt(payload, 12);
  const renewing = client !== '0.0.0.0' && !refused;
  return {
    fromMac: serverMac,
    toMac: renewing ? request.fromMac : 'ff:ff:ff:ff:ff:ff',
    fromIp: network.server,
    toIp: renewing ? client : '255.255.255.255',
    fromPort: 67,
    toPort: 68,
    payload: Buffer.concat([
      writeHeader(payload, refused ? '0.0.0.0' : address, network.server),
      writeOptions(type, refused ? undefined : network, network.server),
    ]),
  };
}

function wantedAddress(payload: Buffer, options: ReadonlyMap<number, Buffer>): string {
  const asked = options.get(option.asked);
  return asked?.length === 4 ? addressAt(asked, 0) : addressAt(payload, 12);
}

function readOptions(payload: Buffer): Map<number, Buffer> {
  const found = new Map<number, Buffer>();
  for (let at = optionsAt; at + 1 < payload.length && payload[at] !== option.end; ) {
    const code = payload.readUInt8(at);
    if (code === 0) {
      at += 1;
      continue;
    }
    const end = at + 2 + payload.readUInt8(at + 1);
    found.set(code, payload.subarray(at + 2, end));
    at = end;
  }
  return found;
}

function writeHeader(request: Buffer, address: string, server: string): Buffer {
  const header = Buffer.alloc(optionsAt);
  header.set([2, 1, 6, 0]);
  request.copy(header, 4, 4, 8); // the client's transaction
  request.copy(header, 10, 10, 12); // its wish for a broadcast
  request.copy(header, 12, 12, 16);
  writeAddress(header, 16, address);
  writeAddress(header, 20, server);
  request.copy(header, 24, 24, 44); // relay and hardware address
  header.writeUInt32BE(cookie, 236);
  return header;
}

function writeOptions(type: number, network: DhcpNetwork | undefined, server: string): Buffer {
  const options: [number, readonly number[]][] = [
    [option.type, [type]],
    [option.server, bytesOf(server)],
  ];
  if (network) {
    const seconds = Buffer.alloc(4);
    seconds.writeUInt32BE(network.leaseSeconds);
    options.push([option.leaseTime, [...seconds]], [option.netmask, bytesOf(network.netmask)]);
    options.push([option.router, bytesOf(network.router)], [option.dns, bytesOf(network.dns)]);
  }
  return Buffer.from([...options.flatMap(([code, value]) => [code, value.length, ...value]), option.end]);
}

function bytesOf(address: string): number[] {
  return address.split('.').map(Number);
}
