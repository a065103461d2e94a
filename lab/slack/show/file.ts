import type { SlackFile, World } from '../world.ts';

/** A file as Slack shows it. */
export function showFile(world: World, file: SlackFile | undefined): Readonly<Record<string, unknown>> | undefined {
  if (!file) return undefined;
  const url = `${world.origin}/files/${file.id}/${encodeURIComponent(file.name)}`;
  return {
    id: file.id,
    name: file.name,
    title: file.title,
    created: Math.trunc(file.createdAt / 1_000),
    mimetype: 'text/plain',
    filetype: 'text',
    size: file.size,
    user: world.app.userId,
    channels: [...file.channels],
    url_private: url,
    url_private_download: url,
    permalink: url,
  };
}
