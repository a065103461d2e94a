import { isIP } from 'node:net';
import * as tls from 'node:tls';
import { connect, type TLSSocket } from 'node:tls';
import type { Tls } from './settings.ts';

/** How long a TLS connection may take to come about. */
const limitMs = 5_000;

/** No connection came about, so nothing was sent. */
export class ConnectFailure extends Error {
  override readonly name = 'ConnectFailure';
}

/** Somebody answered with a certificate that the settings do not accept; nothing was sent. */
export class Untrusted extends ConnectFailure {
  /** The SHA-256 fingerprint of the certificate that was shown. */
  readonly fingerprint: string;
  constructor(message: string, fingerprint: string) {
    super(message);
    this.fingerprint = fingerprint;
  }
}

/** What undici asks of a connector. */
type Connect = (
  to: { readonly hostname: string; readonly port: string },
  done: (...result: [Error, null] | [null, TLSSocket]) => void,
) => void;

/**
 * Opens TLS connections to Proxmox and hands over only those whose certificate is trusted: by its fingerprint, or by a CA and
 * the host's name. Node is told not to judge by itself because a pinned certificate has no CA, and because a refusal
 * should be able to say which fingerprint was seen.
 */
export function trustedConnect(trust: Tls): Connect {
  const ca = trustedCas(trust);
  return ({ hostname, port }, done) => {
    const socket = connect({
      host: hostname,
      port: Number(port) || 443,
      ...(isIP(hostname) ? {} : { servername: hostname }),
      ...(ca === undefined ? {} : { ca }),
      rejectUnauthorized: false,
      ALPNProtocols: ['http/1.1'],
    });
    socket.setNoDelay(true);
    const timer = setTimeout(() => socket.destroy(new Error(`no connection within ${limitMs / 1000} s`)), limitMs);
    const fail = (error: Error) => {
      clearTimeout(timer);
      done(error instanceof ConnectFailure ? error : new ConnectFailure(words(error), { cause: error }), null);
    };
    socket.once('error', fail);
    socket.once('secureConnect', () => {
      const refusal = distrust(trust, socket);
      if (refusal) return void socket.destroy(refusal);
      clearTimeout(timer);
      socket.off('error', fail);
      done(null, socket);
    });
  };
}

/** Why this peer is not to be talked to; undefined when it is the right one. */
function distrust(trust: Tls, socket: TLSSocket): Untrusted | undefined {
  const seen = socket.getPeerCertificate().fingerprint256 ?? '';
  if (typeof trust === 'object' && 'fingerprints' in trust) {
    if (trust.fingerprints.includes(seen)) return undefined;
    return new Untrusted('its certificate is none of those in tls.fingerprints', seen);
  }
  if (socket.authorized) return undefined;
  const why = String(socket.authorizationError ?? 'unknown reason');
  return new Untrusted(`its certificate is not trusted (${why})`, seen);
}

/** `system` means Node's own list and the operating system's: a company's CA is usually in the latter. */
function trustedCas(trust: Tls): string[] | undefined {
  if (trust === 'system') return [...tls.getCACertificates('default'), ...tls.getCACertificates('system')];
  return 'ca' in trust ? [trust.ca] : undefined;
}

/** Node gives an AggregateError without any words when none of a name's addresses answers. */
function words(error: Error & { code?: string }): string {
  return error.message || error.code || 'no connection';
}
