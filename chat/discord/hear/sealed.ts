import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** Keeps the tokens of interactions where others could read: whoever has one can answer for the bot. */
export interface Seal {
  seal(token: string): string;
  /** Undefined when it was sealed under another bot's token, or changed. */
  open(sealed: string): string | undefined;
}

const cipher = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

/** AES-256-GCM under a key that every gateway of this bot derives from the bot's own token. */
export function sealWith(botToken: string): Seal {
  const key = Buffer.from(hkdfSync('sha256', botToken, '', 'interaction tokens', 32));
  return {
    seal(token) {
      const nonce = randomBytes(nonceBytes);
      const sealing = createCipheriv(cipher, key, nonce);
      const body = Buffer.concat([sealing.update(token), sealing.final()]);
      return Buffer.concat([nonce, sealing.getAuthTag(), body]).toString('base64url');
    },
    open(sealed) {
      try {
        const bytes = Buffer.from(sealed, 'base64url');
        const opening = createDecipheriv(cipher, key, bytes.subarray(0, nonceBytes));
        opening.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
        return Buffer.concat([opening.update(bytes.subarray(nonceBytes + tagBytes)), opening.final()]).toString();
      } catch {
        return undefined;
      }
    },
  };
}
