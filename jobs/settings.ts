import { z } from 'zod';
import { ms } from '#base/duration.ts';

/** A length of time as people write it: `90s`. */
export const Length = z.string().refine(isDuration, {
  error: (issue) => `"${issue.input}" is not a length of time; write for example 90s or 5m`,
  abort: true,
});

/** What one size of VM has. */
export const Size = z.strictObject({
  cpus: z.int().min(1).max(512),
  memoryMiB: z.int().min(128),
  diskGiB: z.int().min(1),
});
export type Size = z.infer<typeof Size>;

/** Where a template comes from: a vendor's cloud image to download, or a template that stands in Proxmox already. */
export const CatalogEntry = z.union([
  z.strictObject({
    /** The cloud image (qcow2, whatever its extension). */
    url: z.url(),
    /** The vendor's SHA256SUMS (or SHA512SUMS) file that lists the image. */
    sums: z.url(),
    /** The user that cloud-init makes. */
    user: z.string(),
    about: z.string().optional(),
  }),
  z.strictObject({ vmid: z.int().min(100), user: z.string(), about: z.string().optional() }),
]);
export type CatalogEntry = z.infer<typeof CatalogEntry>;

/** What jobs need to know of the configuration. */
export const Settings = z.strictObject({
  sizes: z.record(z.string(), Size),
  templates: z.record(z.string().regex(/^[a-z0-9][a-z0-9.-]*$/), CatalogEntry),
  create: z.strictObject({
    template: z.string(),
    size: z.string(),
    /** `linked` copies nothing and starts in seconds; `full` stands alone. */
    clone: z.enum(['linked', 'full']),
    network: z.enum(['dhcp', 'static']),
    dns: z.array(z.string()),
    /** What `--role` may say, and how such VMs are called: `worker: k8s-worker` gives `k8s-worker-1`. */
    roles: z.record(z.string(), z.string()),
    /** How long each sign of life may take. */
    ready: z.strictObject({ agent: Length, address: Length, ssh: Length }),
  }),
  ssh: z.strictObject({
    /** The bot's own private key, the text itself. Its public half goes into every VM. */
    privateKey: z.string(),
    /** Public keys of people, which go into every VM too. */
    authorizedKeys: z.array(z.string()),
    jump: z
      .strictObject({
        host: z.string(),
        port: z.int(),
        user: z.string(),
        privateKey: z.string().exactOptional(),
        hostKey: z.string().exactOptional(),
      })
      .optional(),
    /** What a person types to get in, with `{user}` and `{address}`. */
    show: z.string(),
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
