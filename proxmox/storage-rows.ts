import { z } from 'zod';
import { Amount, defined, Flag } from './shapes.ts';

/** A storage as one node sees it. */
export interface Storage {
  readonly storage: string;
  /** `dir`, `lvmthin`, `zfspool`, `nfs`, `rbd` … */
  readonly type: string;
  /** What it may hold: `images`, `iso`, `import` … */
  readonly content: readonly string[];
  /** It can be used now. */
  readonly active: boolean;
  readonly enabled: boolean;
  /** The same volumes on every node. */
  readonly shared: boolean;
  /** Bytes. */
  readonly total: number;
  readonly used: number;
  readonly available: number;
}

/** A row of GET /nodes/{node}/storage. */
export const StorageRow = z
  .object({
    storage: z.string().default(''),
    type: z.string().default(''),
    content: z.string().default(''),
    active: Flag.optional(),
    enabled: Flag.optional(),
    shared: Flag.optional(),
    total: Amount.nullish(),
    used: Amount.nullish(),
    avail: Amount.nullish(),
  })
  .transform(
    ({ storage, type, content, active, enabled, shared, total, used, avail }): Storage => ({
      ...{ storage, type, content: content.split(',').filter(Boolean) },
      ...{ active: active ?? false, enabled: enabled ?? true, shared: shared ?? false },
      ...{ total: total ?? 0, used: used ?? 0, available: avail ?? 0 },
    }),
  );

/** A disk, ISO or image on a storage. */
export interface Volume {
  /** `local:iso/seed.iso` */
  readonly volid: string;
  readonly content: string;
  readonly format: string;
  /** Bytes. */
  readonly size: number;
  readonly vmid?: number;
  /** Seconds since the epoch. */
  readonly createdAt?: number;
}

/** A row of GET /nodes/{node}/storage/{storage}/content. */
export const VolumeRow = z
  .object({
    volid: z.string(),
    content: z.string().default(''),
    format: z.string().default(''),
    size: Amount.nullish(),
    vmid: Amount.nullish(),
    ctime: Amount.nullish(),
  })
  .transform(
    ({ volid, content, format, size, vmid, ctime }): Volume => ({
      ...{ volid, content, format, size: size ?? 0 },
      ...defined({ vmid: vmid ?? undefined, createdAt: ctime ?? undefined }),
    }),
  );
