/**
 * A body as the published schema wants it, where the service takes more: ids of files as numbers (as the documentation's own examples have them), and
 * permissions as text. discord.js says `enforce_nonce: false` and `tts: false` everywhere, where neither is known too; `nsfw` of commands is documented
 * but not published.
 */
export function tidy(body: unknown): unknown {
  if (Array.isArray(body)) return body.map(tidy);
  if (typeof body !== 'object' || body === null) return body;
  const tidied: Record<string, unknown> = { ...body };
  const { attachments, default_member_permissions: permissions, data } = tidied;
  if (Array.isArray(attachments)) tidied.attachments = attachments.map((file) => ({ ...file, id: String(file.id) }));
  if (typeof permissions === 'string') tidied.default_member_permissions = Number(permissions);
  if (tidied.enforce_nonce === false) delete tidied.enforce_nonce;
  if (typeof tidied.nsfw === 'boolean') delete tidied.nsfw;
  if (tidied.tts === false) delete tidied.tts;
  if (data !== undefined) tidied.data = tidy(data);
  return tidied;
}
