import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cloudInitFiles } from './cloud-init.ts';

const config = {
  name: 'linked-320',
  ciuser: 'ubuntu',
  cipassword: 'lab',
  ciupgrade: '0',
  sshkeys: 'ssh-ed25519%20AAAA%20me%0A',
  searchdomain: 'lab.test',
  nameserver: '10.77.0.1',
  net0: 'virtio=BC:24:11:00:00:01,bridge=vmbr0',
  ipconfig0: 'ip=10.77.0.20/24,gw=10.77.0.1',
};

test('user-data reads as Proxmox writes it', () => {
  const { userData } = cloudInitFiles(320, config);

  assert.equal(
    userData,
    '#cloud-config\nhostname: linked-320\nmanage_etc_hosts: true\nfqdn: linked-320.lab.test\nuser: ubuntu\npassword: lab\n' +
      'ssh_authorized_keys:\n  - ssh-ed25519 AAAA me\nchpasswd:\n  expire: False\nusers:\n  - default\n',
  );
});

test('the network is given by MAC address, static or DHCP', () => {
  const fixed = cloudInitFiles(320, config).networkConfig;
  const leased = cloudInitFiles(320, { ...config, ipconfig0: 'ip=dhcp' }).networkConfig;

  assert.match(
    fixed,
    /mac_address: 'bc:24:11:00:00:01'\n {6}subnets:\n {6}- type: static\n {8}address: '10.77.0.20'\n {8}netmask: '255.255.255.0'\n {8}gateway: '10.77.0.1'/,
  );
  assert.match(leased, /- type: dhcp4/);
});

test('any change of its files is a new instance', () => {
  const before = cloudInitFiles(320, config).metaData;

  assert.equal(cloudInitFiles(320, { ...config, cores: '4' }).metaData, before);
  assert.notEqual(cloudInitFiles(320, { ...config, name: 'other' }).metaData, before);
});
