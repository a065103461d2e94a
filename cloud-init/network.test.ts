import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UserError } from '#base/errors.ts';
import { ipConfig, parseCidr, parseIp, requireSameNetwork } from './network.ts';

test('writes what Proxmox reads', () => {
  assert.equal(ipConfig({ kind: 'dhcp' }), 'ip=dhcp');
  assert.equal(
    ipConfig({ kind: 'static', address: '10.0.20.31', prefix: 24, gateway: '10.0.20.1' }),
    'ip=10.0.20.31/24,gw=10.0.20.1',
  );
  assert.equal(ipConfig({ kind: 'static', address: 'fd00::5', prefix: 64 }), 'ip6=fd00::5/64');
});

test('reads an address with its network', () => {
  assert.deepEqual(parseCidr('10.0.20.31/24'), { address: '10.0.20.31', prefix: 24 });
});

for (const text of ['10.0.20.31', '10.0.20.31/33', '10.0.20/24', '10.0.20.31/24/8', '10.0.20.31/x', '']) {
  test(`"${text}" is refused with its text`, () => {
    assert.throws(
      () => parseCidr(text),
      (error) => error instanceof UserError && error.message.includes(`"${text}"`),
    );
  });
}

test('what is no address is named with what it was for', () => {
  assert.throws(() => parseIp('dns', 'name server'), /"dns" is no IP address for a name server/);
});

for (const [address, prefix, gateway, complaint] of [
  ['10.0.20.31', 24, '10.0.21.1', /not in the network of 10\.0\.20\.31\/24/],
  ['10.0.20.31', 24, '10.0.20.31', /own address/],
  ['10.0.20.31', 24, 'fd00::1', /different IP versions/],
] as const) {
  test(`${gateway} is no gateway for ${address}/${prefix}`, () => {
    assert.throws(() => requireSameNetwork(address, prefix, gateway), complaint);
  });
}

test('a gateway in a network that is not cut at a dot fits', () => {
  requireSameNetwork('172.16.5.9', 20, '172.16.15.254');
});
