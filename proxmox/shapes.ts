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

/**
 * A name, a state, tags: goes into records and cards, so only its first 4096 characters count. Not for what is
 * handed back to Proxmox, such as a volume's id.
 */
export const Text = z.string().transform((text) => (text.length > 4096 ? text.slice(0, 4096).toWellFormed() : text));

export const Flag = z
  .union([z.boolean(), z.number(), z.string(), z.null()])
  .transform((value) => value === true || Number(value) === 1);

/** Nothing to read: a call that is done when it answers. */
export const Done = z.unknown().transform(() => undefined);

/**
 * A list, of which Proxmox sometimes sends none instead of an empty one. Reading ends at the first row
 * that is wrong: a complaint for each of a million rows would cost far more than the answer.
 */
export const rows = <T>(shape: z.ZodType<T>) =>
  z
    .array(z.unknown())
    .nullish()
    .transform((list, context): T[] => {
      const found: T[] = [];
      for (const [index, row] of (list ?? []).entries()) {
        const read = shape.safeParse(row);
        if (read.success) {
          found.push(read.data);
          continue;
        }
        const [issue] = read.error.issues;
        const path = [index, ...(issue?.path ?? [])];
        context.issues.push({ code: 'custom', message: issue?.message ?? 'is wrong', path, input: row });
        return z.NEVER;
      }
      return found;
    });

/** The same without its undefined values. */
export function defined<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}
