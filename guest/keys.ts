import { createHash } from 'node:crypto';
import ssh2 from 'ssh2';
import { UserError } from '#base/errors.ts';
import { keyLine } from './authorized-keys.ts';
import { readPrivateKey } from './private-key.ts';

const { utils } = ssh2;

/** The line for `authorized_keys` that belongs to a private key (OpenSSH or PEM text). Throws a `UserError` when it can't be read. */
export function publicKeyOf(privateKey: string): string {
  const key = readPrivateKey(privateKey);
  return keyLine(key.type, key.getPublicSSH().toString('base64'), key.comment ?? '');
}

/** A new ed25519 key pair in OpenSSH format; the public one is an `authorized_keys` line. */
export function generateKey(comment: string): { readonly privateKey: string; readonly publicKey: string } {
  for (;;) {
    const { private: privateKey, public: publicKey } = utils.generateKeyPairSync('ed25519', { comment });
    // Now and then ssh2 writes a key that it can't read itself.
    if (!(utils.parseKey(privateKey) instanceof Error)) return { privateKey, publicKey };
  }
}

/** `SHA256:…` of a public key line, as `ssh-keygen -l` prints it. */
export function fingerprint(publicKey: string): string {
  const [, blob] = publicKey.trim().split(/\s+/);
  if (!blob)
    throw new UserError(`"${publicKey}" is no public key line.`, { hint: 'It looks like ssh-ed25519 AAAA… name' });
  return fingerprintOf(Buffer.from(blob, 'base64'));
}

/** The kind of a key as it goes over the wire: `ssh-ed25519`, `ecdsa-sha2-nistp256`, `ssh-rsa` … */
export function keyTypeOf(key: Buffer): string {
  return key.subarray(4, 4 + key.readUInt32BE(0)).toString('latin1');
}

/** `SHA256:…` of a key as it goes over the wire. */
export function fingerprintOf(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}
