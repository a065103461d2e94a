import { DiscordError } from './error.ts';
import type { Attachment, Component } from './message.ts';
import { refuse } from './rules/check.ts';
import { kinds, walk } from './rules/components.ts';
import type { World } from './world.ts';

/** A file of a multipart body: `files[0]`. */
export interface Upload {
  /** `0` of `files[0]`: what the body's `attachments` name it by. */
  readonly index: string;
  readonly filename: string;
  readonly bytes: Buffer;
  readonly contentType: string | undefined;
}

type Named = readonly { readonly id: string | number; readonly description?: string | null }[] | null | undefined;

/** A message's files after a request: those kept, as the body names them (all when it names none), and the new ones. */
export function attachmentsAfter(
  world: World,
  where: string,
  before: readonly Attachment[],
  named: Named,
  files: readonly Upload[],
): readonly Attachment[] {
  const tooBig = files.find(({ bytes }) => bytes.length > world.settings.mostFileBytes);
  if (tooBig) throw new DiscordError(40005);
  const kept = named ? before.filter(({ id }) => named.some((one) => String(one.id) === id)) : before;
  const made = files.map(({ index, filename, bytes, contentType }) => ({
    id: world.newId(),
    filename,
    bytes,
    contentType,
    description: named?.find((one) => String(one.id) === index)?.description ?? undefined,
  }));
  if (kept.length + made.length > 10) {
    refuse(world, where, [
      { path: ['attachments'], code: 'BASE_TYPE_MAX_LENGTH', message: 'Must be 10 or fewer in length.' },
    ]);
  }
  return [...kept, ...made];
}

/** Components with the addresses of the files they show: `attachment://log.txt` becomes the file's own. */
export function withMedia(
  world: World,
  where: string,
  channelId: string,
  components: readonly Component[],
  attachments: readonly Attachment[],
): readonly Component[] {
  const found = new Map<Component, Readonly<Record<string, unknown>>>();
  for (const { component, path } of walk(components)) {
    const url = component.type === kinds.file ? urlOf(component.file) : undefined;
    if (url === undefined) continue;
    const file = attachments.find(({ filename, id }) => url === `attachment://${filename}` || url.includes(`/${id}/`));
    if (!file) {
      const message = 'The specified attachment was not found in the list of attachments';
      refuse(world, where, [
        { path: [...path, 'file', 'url'], code: 'UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND', message },
      ]);
    }
    const address = `${world.origin}/attachments/${channelId}/${file.id}/${encodeURIComponent(file.filename)}`;
    found.set(component, {
      file: { id: file.id, url: address, proxy_url: address, attachment_id: file.id },
      name: file.filename,
      size: file.bytes.length,
      spoiler: component.spoiler ?? false,
    });
  }
  return found.size === 0 ? components : replaced(components, found);
}

function replaced(
  components: readonly Component[],
  found: ReadonlyMap<Component, Readonly<Record<string, unknown>>>,
): readonly Component[] {
  return components.map((component) => ({
    ...component,
    ...found.get(component),
    ...(component.components ? { components: replaced(component.components, found) } : {}),
  }));
}

function urlOf(file: unknown): string | undefined {
  if (typeof file !== 'object' || file === null || !('url' in file)) return undefined;
  return String(file.url);
}
