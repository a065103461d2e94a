import type { ServerResponse } from 'node:http';
import type { World } from '../world.ts';

/** Hands out a message's file: `/attachments/{channel}/{attachment}/{name}`. */
export function sendAttachment(world: World, response: ServerResponse, pathname: string): void {
  const [, , , id] = pathname.split('/');
  const files = [...world.messages.values()].flatMap(({ attachments }) => attachments);
  const file = files.find((one) => one.id === id);
  if (!file) return void response.writeHead(404).end('This content is no longer available.');
  const type = file.contentType ?? 'application/octet-stream';
  response.writeHead(200, { 'content-type': type, 'content-disposition': 'attachment' }).end(file.bytes);
}
