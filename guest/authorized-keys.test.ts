import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parse } from 'yaml';
import { readAuthorizedKeys } from './authorized-keys.ts';
import { generateKey, publicKeyOf } from './keys.ts';

const { privateKey, publicKey } = generateKey('');
const [type = '', blob = ''] = publicKey.split(' ');
/** Of keys that are kept on a security key; made for this test. */
const security = `sk-ssh-ed25519@openssh.com ${Buffer.concat(
  ['sk-ssh-ed25519@openssh.com', Buffer.alloc(32, 7), 'ssh:'].map((part) => {
    const bytes = Buffer.from(part);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return Buffer.concat([length, bytes]);
  }),
).toString('base64')}`;

test('an authorized_keys file is taken with its comments and empty lines left out', () => {
  const text = `# Ana\n\n${publicKey} ana@laptop\r\nno-pty,from="10.0.0.0/8" ${publicKey}\n${security} token\n`;

  assert.deepEqual(readAuthorizedKeys(text), {
    lines: [`${publicKey} ana@laptop`, `no-pty,from="10.0.0.0/8" ${publicKey}`, `${security} token`],
    complaints: [],
  });
});

test('a comment with a colon loses it: Proxmox would write a YAML mapping, and no key would be installed', () => {
  assert.deepEqual(readAuthorizedKeys(`${publicKey} ana: laptop`).lines, [`${publicKey} ana laptop`]);
  assert.equal(publicKeyOf(generateKey('bot: one #2').privateKey).split(' ').slice(2).join(' '), 'bot one 2');
});

for (const [what, text, complaint] of [
  ['a path', '/home/ana/.ssh/id_ed25519.pub', /^is a path; put file: before it, as in file:\/home\/ana/],
  ['a path from home', '~/.ssh/id_ed25519.pub', /^is a path; put file: before it/],
  ['a private key', privateKey, /^is a private key, which must stay with its owner/],
  ['a key of PuTTY', 'PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none', /^is a private key/],
  ['PuTTY’s public format', '---- BEGIN SSH2 PUBLIC KEY ----\nAAAA\n', /^is in the format of RFC 4716/],
  ['only a comment', '# Ana', /^holds no key$/],
  ['nothing', ' ', /^holds no key$/],
  ['the example', 'ssh-ed25519 AAAA… ana@example.net', /is an example, and no key/],
  ['a placeholder', 'change-me', /^\(change-me\) is no public key; one looks like/],
  ['a cut key', publicKey.slice(0, -9), /is damaged/],
  ['another type’s name', `ssh-rsa ${blob}`, /is damaged/],
  ['a certificate', `ssh-ed25519-cert-v01@openssh.com ${blob}`, /is a certificate/],
  ['DSA', `ssh-dss ${blob}`, /DSA/],
  ['options with a colon', `command="echo: hi" ${publicKey}`, /has options that Proxmox can't pass on/],
  ['an item of a YAML list', `- ${publicKey}`, /^\(- .*\) has something before the key \(-\) that is no option/],
  ['a name before the key', `ana: ${publicKey}`, /has something before the key \(ana:\) that is no option of sshd/],
  ['the second line', `${publicKey}\nrubbish`, /^line 2 \(rubbish\) is no public key/],
] as const) {
  test(`${what} instead of a public key is refused with what it is`, () => {
    const { complaints } = readAuthorizedKeys(text);

    assert.match(complaints.join('\n'), complaint);
  });
}

test('no complaint shows a private key', () => {
  const secret = privateKey.split('\n')[2] ?? '';

  assert.ok(!readAuthorizedKeys(privateKey).complaints.join().includes(secret.slice(0, 10)));
});

test('whatever stands behind a key, the line is one string in the YAML that Proxmox writes unquoted', () => {
  const line = fc.oneof(fc.string(), fc.string({ unit: 'grapheme' })).map((comment) => `${type} ${blob} ${comment}`);
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 3 }), fc.boolean(), (texts, options) => {
      const text = texts.map((one) => (options ? `no-pty ${one}` : one)).join('\n');
      for (const key of readAuthorizedKeys(text).lines) {
        assert.deepEqual(parse(`keys:\n  - ${key}\n`), { keys: [key] });
      }
    }),
  );
});
