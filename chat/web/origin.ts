import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { Refusal } from './refusal.ts';

/** Throws a {@link Refusal} when a browser sends this from another site's page. */
export function requireSameOrigin({ headers }: IncomingMessage): void {
  const { origin } = headers;
  const site = headers['sec-fetch-site'];
  // Programs that are no browsers send neither; they have no session of somebody else's to misuse.
  if (origin === undefined && site === undefined) return;
  if (site === 'same-origin' || site === 'none') return;
  if (site === undefined && origin !== undefined && hostOf(origin) === headers.host) return;
  throw new Refusal(
    403,
    `This came from ${origin ?? 'another site'}, not from the console's own page at ${headers.host ?? 'this address'}. ` +
      'A proxy in front of it has to pass the Host header on.',
  );
}

/**
 * Where anybody may act as anybody, a site whose name is made to point at this machine could do so too. Such a name is
 * neither an address nor `localhost`.
 */
export function requirePlainHost({ headers }: IncomingMessage): void {
  const name = hostName(headers.host ?? '');
  if (name === 'localhost' || isIP(name) > 0) return;
  throw new Refusal(
    421,
    `Open the console as localhost or by its address, not as "${name}": here nobody has to sign in.`,
  );
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

function hostName(host: string): string {
  if (!URL.canParse(`http://${host}`)) return host;
  return new URL(`http://${host}`).hostname.replace(/^\[|\]$/g, '');
}
