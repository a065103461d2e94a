import { z } from 'zod';

/** A row of GET /cluster/resources, of any type, as it came. */
export type ResourceRow = Readonly<Record<string, unknown>>;

/** There may be thousands of rows, so it is only proven that they are some; what is wanted of one is read by hand. */
export const ResourceRows = z
  .custom<readonly ResourceRow[] | null | undefined>(
    (list) => list === undefined || list === null || (Array.isArray(list) && list.every(isRow)),
  )
  .transform((list) => list ?? []);

const isRow = (row: unknown) => typeof row === 'object' && row !== null;

/** A text that says something, its first 4096 characters: names are shorter, and tags as a rule. */
export const textIn = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value.slice(0, 4096) : undefined;

/** A number as Proxmox writes it: `1`, `"1"`, true, or nothing at all, which is 0. */
export const amountIn = (value: unknown): number => Number(value ?? 0) || 0;
