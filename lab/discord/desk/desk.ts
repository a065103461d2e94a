import type { Beside } from '../rest/server.ts';
import type { World } from '../world.ts';
import { sendAttachment } from './attachments.ts';

/** What stands beside the API on the same port: the files of messages. */
export function makeDesk(world: World): Beside {
  return (_request, response, url) => {
    if (!url.pathname.startsWith('/attachments/')) return false;
    sendAttachment(world, response, url.pathname);
    return true;
  };
}
