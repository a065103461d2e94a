import { X509Certificate } from 'node:crypto';
import { z } from 'zod';
import { ms } from '#base/duration.ts';
import { noPlaceholder } from '#base/placeholder.ts';
import { normalFingerprint } from './fingerprint.ts';

const Fingerprint = z
  .string()
  .transform((text) => normalFingerprint(text) ?? '')
  .refine((text) => text !== '', {
    error: 'a SHA-256 fingerprint has 32 bytes, such as AB:CD:…; `pvenode cert info` on the node shows it',
  });

/** How the cluster's certificates are recognised. There is no way to leave them unchecked. */
export const Tls = z.union(
  [
    z.literal('system'),
    z.strictObject({ fingerprints: z.array(Fingerprint).min(1) }),
    z.strictObject({
      ca: z.string().refine(isCertificate, {
        error: 'must be the text of a CA certificate in PEM; write for example file:/etc/botswain/pve-root-ca.pem',
      }),
    }),
  ],
  {
    error:
      'must be `system`, `fingerprints:` with a list of SHA-256 fingerprints (AB:CD:… of 32 bytes), or `ca:` with a CA certificate in PEM',
  },
);
export type Tls = z.infer<typeof Tls>;

/** One Proxmox VE cluster, as it stands in the configuration file. */
export const ClusterSettings = z.strictObject({
  /** How people and logs call it. */
  name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'must be a short name in lower case, such as home'),
  /** One address or several of the same cluster; the others are asked when the first is silent. */
  hosts: z.array(z.string().transform(originOf)).min(1),
  token: z.strictObject({
    id: z
      .string()
      .regex(/^[^\s@!]+@[A-Za-z][\w.-]+![A-Za-z][\w.-]*$/, 'must be USER@REALM!NAME, such as botswain@pve!bot'),
    secret: z
      .string()
      .regex(/^[\x21-\x7e]+$/, 'is the UUID that Proxmox showed once when the token was made')
      .refine(...noPlaceholder),
  }),
  tls: Tls,
  /** Only these nodes get new VMs; all of them when absent. */
  nodes: z.array(z.string().min(1)).min(1).optional(),
  vmids: z
    .strictObject({ from: z.int().min(100), to: z.int().max(999_999_999) })
    .refine(({ from, to }) => from <= to, 'must not end before it begins')
    .default({ from: 5000, to: 5999 }),
  /** How long a VMID rests after its VM was destroyed. */
  quarantine: z.string().refine(isDuration, 'must be a length of time, such as 90s or 1h').default('1h'),
  /** How long a node may take to tell about itself before it is left out. */
  nodeTimeout: z.string().refine(isDuration, 'must be a length of time, such as 5s').default('5s'),
  bridge: z.string().min(1).default('vmbr0'),
  vlan: z.int().min(1).max(4094).optional(),
  /** The CPU type of templates that are built, which their clones keep: a model that every node's processors have. */
  cpu: z
    .string()
    .regex(/^[A-Za-z0-9][\w.-]*$/, 'must be a CPU type of Proxmox, such as x86-64-v2-AES or host')
    .default('x86-64-v2-AES'),
  /** Everything made goes into this pool; a token with rights on this pool only is enough then. */
  pool: z.string().min(1).optional(),
  storages: z.strictObject({
    /** For disks (content `images`). */
    disks: z.string().min(1),
    /** For cloud images to import (content `import`). */
    images: z.string().min(1),
    /** For set-up media (content `iso`). */
    seeds: z.string().min(1),
  }),
  /** How many of each may run at once per node and storage. */
  slots: z
    .strictObject({
      linkedClones: z.int().min(1).default(2),
      fullClones: z.int().min(1).default(1),
      downloads: z.int().min(1).default(1),
    })
    .prefault({}),
  /** The share of a node's memory that is never given to new VMs. */
  memoryReserve: z.number().min(0).max(0.9).default(0.1),
});
export type ClusterSettings = z.infer<typeof ClusterSettings>;

/** `https://pve1.example:8006`, whatever was written behind it. */
function originOf(text: string, context: z.RefinementCtx): string {
  const url = URL.parse(text);
  if (url?.protocol === 'https:' && !url.username) return url.origin;
  context.addIssue({
    code: 'custom',
    message: `"${text}" must be an https address, such as https://pve1.example:8006`,
  });
  return z.NEVER;
}

function isCertificate(text: string): boolean {
  try {
    return new X509Certificate(text).fingerprint256 !== '';
  } catch {
    // What is wrong with it does not matter to the person: it is no certificate.
    return false;
  }
}

function isDuration(text: string): boolean {
  try {
    return ms(text) >= 0;
  } catch {
    // A RangeError: the text is no length of time.
    return false;
  }
}
