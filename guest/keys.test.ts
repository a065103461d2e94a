import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { fingerprint, generateKey, publicKeyOf } from './keys.ts';

const known = {
  line: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINV0EFg3d8oXPEVtSe9Hh4masYBGKNLDagj9iwbUmSXi demo',
  fingerprint: 'SHA256:5Q6s8evbz6vcQtCmv5nKGuh0oWokC0S8Fagxlug3keM',
};

test('a generated key’s public half is the one that belongs to it', () => {
  const keys = Array.from({ length: 50 }, (_, at) => generateKey(`bot-${at}`));

  const found = keys.map(({ privateKey }) => publicKeyOf(privateKey));

  assert.deepEqual(
    found,
    keys.map(({ publicKey }) => publicKey),
  );
});

test('a fingerprint is what ssh-keygen prints', () => {
  assert.equal(fingerprint(known.line), known.fingerprint);
});

test('keys in PEM are understood too', () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

  const line = publicKeyOf(privateKey.export({ type: 'pkcs1', format: 'pem' }).toString());

  assert.match(line, /^ssh-rsa AAAA\S+$/);
});

test('what is no private key is refused with what to do', () => {
  const { publicKey } = generateKey('bot');

  for (const text of ['', 'rubbish', publicKey]) {
    assert.throws(() => publicKeyOf(text), /UserError: The SSH private key can't be used: /);
  }
  assert.throws(() => fingerprint('rubbish'), /"rubbish" is no public key line/);
});
