import { z } from 'zod';

/**
 * Proxmox VE writes the same kind of value differently from call to call: numbers as text, booleans as 0 and 1. These shapes take all of
 * them; what we do not need is not looked at.
 */
export const Amount = z.union([
  z.number(),
  z
    .string()
    .regex(/^-?\d+(\.\d+)?$/)
    .transform(Number),
]);

export const Flag = z
  .union([z.boolean(), z.number(), z.string(), z.null()])
  .transform((value) => value === true || Number(value) === 1);

/** Nothing to read: a call that is done when it answers. */
export const Done = z.unknown().transform(() => undefined);

/** A list, of which Proxmox sometimes sends none instead of an empty one. */
export const rows = <T>(shape: z.ZodType<T>) =>
  z
    .array(shape)
    .nullish()
    .transform((list) => list ?? []);

/** The same without its undefined values. */
export function defined<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}
