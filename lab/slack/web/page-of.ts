/** A part of a list, and the cursor for what comes after it, as `response_metadata` holds it. */
export function pageOf<T>(
  all: readonly T[],
  { cursor, limit = 100 }: { cursor?: string | undefined; limit?: number | undefined },
): { readonly part: readonly T[]; readonly more: { readonly next_cursor: string } } {
  const from = cursor === undefined ? 0 : Number(Buffer.from(cursor, 'base64').toString('utf8').replace('next:', ''));
  const to = from + Math.max(1, Math.min(limit, 1_000));
  const next = to < all.length ? Buffer.from(`next:${to}`).toString('base64') : '';
  return { part: all.slice(from, to), more: { next_cursor: next } };
}
