import { createHash, createPublicKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A self-signed server certificate, as every new Proxmox has one. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
  /** SHA-256 as Proxmox shows it: `AB:CD:…`. */
  readonly fingerprint: string;
}

/**
 * Makes a certificate for loopback names, or finds the one of an earlier start in `dir`. Written with node's own crypto
 * (an elliptic curve key and 40 lines of DER), so that a lab starts in milliseconds and needs no `openssl`.
 */
export async function findCertificate(dir: string | undefined): Promise<Certificate> {
  if (dir === undefined) return withFingerprint(makeCertificate());
  const file = join(dir, 'certificate.json');
  try {
    return withFingerprint(JSON.parse(await readFile(file, 'utf8')) as KeyPair);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const made = makeCertificate();
  await mkdir(dir, { recursive: true });
  await writeFile(file, JSON.stringify(made), { mode: 0o600 });
  return withFingerprint(made);
}

function withFingerprint({ key, cert }: KeyPair): Certificate {
  const der = Buffer.from(cert.replace(/-----[A-Z ]+-----|\s/g, ''), 'base64');
  const hex = createHash('sha256').update(der).digest('hex').toUpperCase();
  return { key, cert, fingerprint: hex.replace(/(..)(?!$)/g, '$1:') };
}

function makeCertificate(): KeyPair {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  const algorithm = der(0x30, oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));
  const name = der(0x30, der(0x31, der(0x30, oid(0x55, 0x04, 0x03), der(0x0c, Buffer.from('pve1')))));
  const serial = Buffer.concat([Buffer.of(0x01), randomBytes(15)]);
  const validity = der(0x30, time(Date.now() - 86_400_000), time(Date.now() + 3_650 * 86_400_000));
  const names = der(
    0x30,
    ...['localhost', 'pve1', 'pve2'].map((host) => der(0x82, Buffer.from(host))),
    der(0x87, Buffer.of(127, 0, 0, 1)),
  );
  const mayActAsCa = extension([0x55, 0x1d, 0x13], der(0x30, der(0x01, Buffer.of(0xff))));
  const extensions = der(0xa3, der(0x30, mayActAsCa, extension([0x55, 0x1d, 0x11], names)));
  const version = der(0xa0, der(0x02, Buffer.of(2)));
  const body = der(0x30, version, der(0x02, serial), algorithm, name, validity, name, publicKey, extensions);
  const signature = sign('sha256', body, privateKey);
  const whole = der(0x30, body, algorithm, der(0x03, Buffer.of(0), signature));
  const lines = whole.toString('base64').replace(/(.{64})/g, '$1\n');
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${lines.trimEnd()}\n-----END CERTIFICATE-----\n`,
  };
}

function extension(id: readonly number[], value: Buffer): Buffer {
  return der(0x30, oid(...id), der(0x04, value));
}

function oid(...bytes: readonly number[]): Buffer {
  return der(0x06, Buffer.from(bytes));
}

function time(at: number): Buffer {
  const digits = new Date(at).toISOString().replace(/[-:T]/g, '').slice(2, 14);
  return der(0x17, Buffer.from(`${digits}Z`));
}

/** One DER value: tag, length, content. */
function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const size = content.length;
  if (size < 0x80) return Buffer.concat([Buffer.of(tag, size), content]);
  if (size < 0x100) return Buffer.concat([Buffer.of(tag, 0x81, size), content]);
  return Buffer.concat([Buffer.of(tag, 0x82, size >> 8, size & 0xff), content]);
}

interface KeyPair {
  readonly key: string;
  readonly cert: string;
}
