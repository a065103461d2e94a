import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { UserError } from '#base/errors.ts';
import { ipConfig, parseCidr, parseIp, requireSameNetwork } from './network.ts';

test('writes what Proxmox reads', () => {
  const texts = [
    ipConfig({ kind: 'dhcp' }),
    ipConfig({ kind: 'static', address: '10.0.20.31', prefix: 24, gateway: '10.0.20.1' }),
    ipConfig({ kind: 'static', address: 'fd00::5', prefix: 64, gateway: 'fd00::1' }),
    ipConfig({ kind: 'static', address: '10.0.20.31', prefix: 24 }),
  ];

  assert.deepEqual(texts, [
    'ip=dhcp',
    'ip=10.0.20.31/24,gw=10.0.20.1',
    'ip6=fd00::5/64,gw6=fd00::1',
    'ip=10.0.20.31/24',
  ]);
});

test('reads an address with its network, IPv6 in its shortest form', () => {
  const read = ['10.0.20.31/24', '10.0.0.1/31', 'FD00:0:0::5/64'].map(parseCidr);

  assert.deepEqual(read, [
    { address: '10.0.20.31', prefix: 24 },
    { address: '10.0.0.1', prefix: 31 },
    { address: 'fd00::5', prefix: 64 },
  ]);
});

for (const text of [
  '10.0.20.31',
  '10.0.20.31/33',
  '10.0.20/24',
  '10.0.20.31/24/8',
  '10.0.20.31/x',
  '10.0.20.31/0',
  '',
]) {
  test(`"${text}" is no address with a network`, () => {
    assert.throws(() => parseCidr(text), withText(`"${text}" is no address`));
  });
}

for (const [text, why] of [
  ['10.0.20.0/24', 'it is the network itself'],
  ['10.0.23.255/22', 'it is the network’s broadcast address'],
  ['127.0.0.5/8', 'it is reserved'],
  ['0.0.0.0/8', 'it is reserved'],
  ['239.1.1.1/24', 'it is reserved'],
  ['ff02::1/64', 'it is reserved'],
  ['::1/128', 'it is reserved'],
] as const) {
  test(`no machine can have ${text}: ${why}`, () => {
    assert.throws(() => parseCidr(text), withText(`"${text}" can't be a machine's address: ${why}.`));
  });
}

test('what is no address is named with what it was for', () => {
  assert.throws(() => parseIp('dns', 'name server'), /"dns" is no IP address for a name server/);
});

for (const [address, prefix, gateway, complaint] of [
  ['10.0.20.31', 24, '10.0.21.1', /not in the network of 10\.0\.20\.31\/24/],
  ['10.0.20.31', 24, '10.0.20.31', /own address/],
  ['10.0.20.31', 24, 'fd00::1', /different IP versions/],
  ['fd00::5', 64, 'fd00:0:0:1::1', /not in the network of fd00::5\/64/],
] as const) {
  test(`${gateway} is no gateway for ${address}/${prefix}`, () => {
    assert.throws(() => requireSameNetwork(address, prefix, gateway), complaint);
  });
}

for (const [address, prefix, gateway] of [
  ['172.16.5.9', 20, '172.16.15.254'],
  ['fd00::5', 64, 'fd00::1'],
  ['fd00::5', 64, 'fe80::1'],
] as const) {
  test(`${gateway} is a gateway for ${address}/${prefix}`, () => {
    requireSameNetwork(address, prefix, gateway);
  });
}

test('an address is a gateway exactly when the first bits are equal', () => {
  const bits = fc.integer({ min: 0, max: 2 ** 32 - 1 });

  fc.assert(
    fc.property(bits, bits, fc.integer({ min: 1, max: 32 }), (one, other, prefix) => {
      fc.pre(one !== other);
      const equal = Math.floor(one / 2 ** (32 - prefix)) === Math.floor(other / 2 ** (32 - prefix));
      const check = () => requireSameNetwork(dotted(one), prefix, dotted(other));
      if (equal) check();
      else assert.throws(check, UserError);
    }),
  );
});

function dotted(bits: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(bits / 2 ** shift) % 256).join('.');
}

function withText(text: string) {
  return (error: unknown) => error instanceof UserError && error.message.startsWith(text);
}
