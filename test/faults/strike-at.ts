import { subscribe } from 'node:diagnostics_channel';
import type { Site } from '#base/site.ts';

/**
 * Loaded before the program (`node --import`): strikes its own process at a site. In the query of its URL: `site`, `nth`, and `how`: `SIGKILL`, `SIGSTOP`,
 * or a number of ms for which nothing at all happens in the process.
 */
const query = new URL(import.meta.url).searchParams;
const [site, nth, how = 'SIGKILL'] = [query.get('site'), Number(query.get('nth') ?? 1), query.get('how') ?? undefined];
let met = 0;

subscribe('botswain:site', (message) => {
  if ((message as Site).name !== site) return;
  met += 1;
  if (met !== nth) return;
  if (how === 'SIGKILL' || how === 'SIGSTOP') process.kill(process.pid, how);
  else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(how));
});
