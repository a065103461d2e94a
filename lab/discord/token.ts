import { randomBytes } from 'node:crypto';
import { fixedIds } from './first-world.ts';

/** A bot's token, shaped as Discord's: the application's id, then two random parts. */
export function randomToken(): string {
  const id = Buffer.from(fixedIds.application).toString('base64url');
  return `${id}.${randomBytes(4).toString('base64url')}.${randomBytes(28).toString('base64url')}`;
}
