import { isIP } from 'node:net';
import { z } from 'zod';
import { ms } from '#base/duration.ts';
import { UserError } from '#base/errors.ts';
import { readAuthorizedKeys } from '#guest/authorized-keys.ts';
import { readPrivateKey } from '#guest/private-key.ts';

/** A length of time as people write it: `90s`. */
export const Length = z.string().refine(isDuration, {
  error: (issue) => `"${issue.input}" is not a length of time; write for example 90s or 5m`,
  abort: true,
});

/** A private key that the bot's SSH can use, the text itself. */
const PrivateKey = z.string().superRefine((text, context) => {
  try {
    readPrivateKey(text);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    context.addIssue({ code: 'custom', message: `${error.message} ${error.hint ?? ''}`.trim() });
  }
});

/** People's public keys: each entry is one key or a whole `authorized_keys` file. Becomes one key an entry. */
const AuthorizedKeys = z.array(z.string()).transform((entries, context) => {
  const read = entries.map(readAuthorizedKeys);
  for (const [index, { complaints }] of read.entries()) {
    for (const message of complaints) context.addIssue({ code: 'custom', path: [index], message });
  }
  return [...new Set(read.flatMap(({ lines }) => lines))];
});

/** What one size of VM has. */
export const Size = z.strictObject({
  cpus: z.int().min(1).max(512),
  memoryMiB: z.int().min(128),
  diskGiB: z.int().min(1),
});
export type Size = z.infer<typeof Size>;

/** What Linux takes as the name of a user. */
const UserName = z
  .string()
  .regex(/^[a-z_][a-z0-9_-]{0,31}$/, 'must be the name of a user on the machine, such as debian');

/** Where a template comes from: a vendor's cloud image to download, or a template that stands in Proxmox already. */
export const CatalogEntry = z.union(
  [
    z.strictObject({
      /** The cloud image (qcow2, whatever its extension). */
      url: z.url(),
      /** The vendor's SHA256SUMS (or SHA512SUMS) file that lists the image. */
      sums: z.url(),
      /** The user that cloud-init makes. */
      user: UserName,
      about: z.string().optional(),
    }),
    z.strictObject({ vmid: z.int().min(100), user: UserName, about: z.string().optional() }),
  ],
  {
    error:
      'must be a cloud image ({ url: https://…, sums: https://…, user: debian }) or a template in Proxmox ({ vmid: 9000, user: debian })',
  },
);
export type CatalogEntry = z.infer<typeof CatalogEntry>;

/** What jobs need to know of the configuration. */
export const Settings = z.strictObject({
  sizes: z.record(z.string(), Size),
  templates: z.record(
    z
      .string()
      .regex(
        /^[a-z0-9][a-z0-9.-]*$/,
        'must be named in lower-case letters, digits, dots and dashes, such as debian-12',
      ),
    CatalogEntry,
  ),
  create: z.strictObject({
    template: z.string(),
    size: z.string(),
    /** `linked` copies nothing and starts in seconds; `full` stands alone. */
    clone: z.enum(['linked', 'full']),
    network: z.enum(['dhcp', 'static']),
    /** Whether it is tried if a machine answers at a static address before a VM gets it. */
    probe: z.boolean(),
    dns: z.array(
      z.string().refine((text) => isIP(text) !== 0, {
        error: ({ input }) => `"${input}" is no IP address; a name server has one such as 10.0.0.53`,
      }),
    ),
    /** What `--role` may say, and how such VMs are called: `worker: k8s-worker` gives `k8s-worker-1`. */
    roles: z.record(z.string(), z.string()),
    /** How long each sign of life may take. */
    ready: z.strictObject({ agent: Length, address: Length, ssh: Length }),
  }),
  ssh: z.strictObject({
    /** The bot's own private key, the text itself. Its public half goes into every VM. */
    privateKey: PrivateKey,
    /** Public keys of people, which go into every VM too. */
    authorizedKeys: AuthorizedKeys,
    jump: z
      .strictObject({
        host: z.string().min(1),
        port: z.int().min(1).max(65535),
        user: z.string().min(1),
        privateKey: PrivateKey.exactOptional(),
        /** As `ssh-keygen -l` prints it. */
        hostKey: z
          .string()
          .regex(/^SHA256:[A-Za-z0-9+/]{43}$/, 'must be SHA256:… as `ssh-keygen -l -f` prints it')
          .exactOptional(),
      })
      .optional(),
    /** What a person types to get in, with `{user}` and `{address}`. */
    show: z.string().includes('{address}', 'must have {address} in it, such as ssh {user}@{address}'),
  }),
});
export type Settings = z.infer<typeof Settings>;

function isDuration(text: string): boolean {
  try {
    ms(text);
    return true;
  } catch {
    return false;
  }
}
