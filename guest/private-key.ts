import { createPrivateKey } from 'node:crypto';
import ssh2, { type ParsedKey } from 'ssh2';
import { UserError } from '#base/errors.ts';

const { utils } = ssh2;

/** A private key in OpenSSH or PEM text. Throws a `UserError` that says which other thing the text is, and never shows the text. */
export function readPrivateKey(text: string): ParsedKey {
  const read: ParsedKey | Error | readonly ParsedKey[] = utils.parseKey(text);
  const key = Array.isArray(read) ? read[0] : read;
  if (key instanceof Error || !key?.isPrivateKey()) {
    const { is, hint } = explain(text, key instanceof Error ? key.message : undefined);
    throw new UserError(`The SSH private key can't be used: it ${is}.`, { hint, cause: key });
  }
  return key;
}

/** What a text is that ssh2 does not read as a private key. `reason` is ssh2's; without one it read a public key. */
function explain(text: string, reason: string | undefined): { is: string; hint: string } {
  const fresh = 'Make one without a passphrase: ssh-keygen -t ed25519 -N "" -f botswain';
  const plain = text.trim();
  if (plain === '') return { is: 'is empty', hint: fresh };
  if (reason === undefined || /^(ssh|ecdsa|sk)-|^---- BEGIN SSH2 PUBLIC/.test(plain)) {
    return { is: 'is a public key', hint: 'The private key is in the file beside it, without .pub.' };
  }
  if (/passphrase/i.test(reason) || /BEGIN ENCRYPTED PRIVATE KEY|^Encryption: aes/m.test(plain)) {
    const hint = 'Take it off a copy of the key: ssh-keygen -p -N "" -f FILE (it asks for the passphrase)';
    return { is: 'has a passphrase, and the bot has nobody to ask for it', hint };
  }
  if (/^PuTTY-User-Key-File-/.test(plain)) {
    return { is: 'is a key of PuTTY', hint: 'Write it as OpenSSH does: puttygen FILE -O private-openssh -o botswain' };
  }
  if (plain.includes('-----BEGIN') && (!plain.includes('\n') || plain.includes('\\n'))) {
    return { is: 'has lost its line breaks', hint: 'Name the file instead: file:/etc/botswain/id_ed25519' };
  }
  if (/^-----BEGIN PRIVATE KEY-----/.test(plain)) return explainPkcs8(plain, fresh);
  if (!plain.includes('\n') && /^[~./]|^[A-Za-z]:\\/.test(plain)) {
    return { is: 'is a path', hint: 'Put file: before it, as in file:/etc/botswain/id_ed25519' };
  }
  if (plain.includes('-----BEGIN')) return { is: `can't be read (${reason})`, hint: 'Is the whole of the file there?' };
  return { is: 'is no key', hint: fresh };
}

/** Only for the hint: `ssh-keygen -p` writes RSA and EC keys anew, and cannot read Ed25519 ones in this format. */
function explainPkcs8(text: string, fresh: string): { is: string; hint: string } {
  try {
    const { asymmetricKeyType } = createPrivateKey(text);
    const is = `is in PKCS#8 (BEGIN PRIVATE KEY, ${asymmetricKeyType}), which the bot does not read`;
    const canConvert = asymmetricKeyType === 'rsa' || asymmetricKeyType === 'ec';
    return { is, hint: canConvert ? 'Write it as OpenSSH does: ssh-keygen -p -N "" -f FILE' : fresh };
  } catch (error) {
    return { is: `is in PKCS#8 (BEGIN PRIVATE KEY) and damaged (${(error as Error).message})`, hint: fresh };
  }
}
