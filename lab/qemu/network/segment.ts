import { segment } from '../../engine.ts';
import { askAgain } from './arp.ts';
import { answerDhcp, type DhcpNetwork, type Lease } from './dhcp.ts';
import { answerDns } from './dns.ts';
import { learningSwitch, type Switch } from './switch.ts';
import { type Datagram, readDatagram, writeDatagram } from './udp.ts';

/** The gateway's card, as QEMU's user network makes it from its address 10.77.0.1. */
const gatewayMac = '52:55:0a:4d:00:01';

const network: DhcpNetwork = {
  server: segment.gateway,
  netmask: '255.255.255.0',
  router: segment.gateway,
  dns: segment.dns,
  leaseSeconds: 12 * 3600,
};

/** The switch of the lab's segment with DHCP and DNS answered on it. */
export function labSegment(lease: Lease): Switch {
  return learningSwitch((frame, wire) => {
    const datagram = readDatagram(frame);
    if (datagram && (datagram.toPort === 67 || isNameQuery(datagram))) {
      const answer = datagram.toPort === 67 ? answerDhcp(datagram, network, gatewayMac, lease) : answerDns(datagram);
      if (answer) wire.inject(writeDatagram(answer));
      return true;
    }
    askAgain(frame, wire);
    return false;
  });
}

/** The addresses that DHCP hands out, lowest first: from `firstLease` to the end of the segment. */
export function leaseRange(): string[] {
  const at = segment.firstLease.lastIndexOf('.') + 1;
  const first = Number(segment.firstLease.slice(at));
  return Array.from({ length: 255 - first }, (_, offset) => segment.firstLease.slice(0, at) + (first + offset));
}

function isNameQuery(datagram: Datagram): boolean {
  return datagram.toPort === 53 && datagram.toIp === segment.dns;
}
