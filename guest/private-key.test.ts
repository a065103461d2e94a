import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import ssh2 from 'ssh2';
import { UserError } from '#base/errors.ts';
import { generateKey } from './keys.ts';
import { readPrivateKey } from './private-key.ts';

const { privateKey, publicKey } = generateKey('bot');
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const ed25519 = generateKeyPairSync('ed25519').privateKey;
const locked = { cipher: 'aes-128-cbc', passphrase: 'sesame' };
const lockedOpenSsh = ssh2.utils.generateKeyPairSync('ed25519', { ...locked, cipher: 'aes256-ctr', rounds: 1 });

for (const [what, text, complaint, hint] of [
  ['PKCS#8 with RSA', rsa.export({ type: 'pkcs8', format: 'pem' }), /PKCS#8.*rsa/, /ssh-keygen -p -N ""/],
  ['PKCS#8 with Ed25519', ed25519.export({ type: 'pkcs8', format: 'pem' }), /PKCS#8.*ed25519/, /ssh-keygen -t ed25519/],
  ['a passphrase', lockedOpenSsh.private, /has a passphrase/, /ssh-keygen -p -N "" -f FILE/],
  ['a passphrase in PKCS#1', rsa.export({ type: 'pkcs1', format: 'pem', ...locked }), /has a passphrase/, /-p/],
  ['a passphrase in PKCS#8', rsa.export({ type: 'pkcs8', format: 'pem', ...locked }), /has a passphrase/, /-p/],
  ['a public key', publicKey, /is a public key/, /without \.pub/],
  ['a path', '/etc/botswain/id_ed25519', /is a path/, /Put file: before it/],
  ['PuTTY’s format', 'PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\n', /is a key of PuTTY/, /puttygen/],
  ['line breaks that are lost', privateKey.replaceAll('\n', '\\n'), /has lost its line breaks/, /file:/],
  ['line breaks that became spaces', privateKey.replaceAll('\n', ' '), /has lost its line breaks/, /file:/],
  ['half of a key', privateKey.slice(0, 200), /can't be read/, /whole/],
  ['nothing', '', /is empty/, /ssh-keygen -t ed25519/],
  ['a placeholder', 'change-me', /is no key/, /ssh-keygen -t ed25519/],
] as const) {
  test(`${what} is told apart from a private key that can be used`, () => {
    assert.throws(
      () => readPrivateKey(String(text)),
      (error) =>
        error instanceof UserError &&
        complaint.test(error.message) &&
        hint.test(error.hint ?? '') &&
        !error.message.includes(String(text).split('\n')[1] || 'nothing'),
    );
  });
}

test('line ends of Windows and space around a key do no harm', () => {
  const key = readPrivateKey(`\n ${privateKey.replaceAll('\n', '\r\n')}\n\n`);

  assert.equal(key.type, 'ssh-ed25519');
});
