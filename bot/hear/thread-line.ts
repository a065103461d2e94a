import type { Invocation } from '#chat/platform.ts';
import type { Office } from '../office.ts';
import { runOfThread } from '../show/places.ts';

/** In a run's own thread its number need not be typed: `cancel` there is `/job cancel r-7f3k2q`. */
const short: Readonly<Record<string, string>> = {
  '/cancel': '/job cancel',
  '/retry': '/job retry',
  '/show': '/job show',
  '/log': '/job show',
};

/** The line as it would have been typed elsewhere. */
export async function threadLine(office: Office, { place, text }: Invocation): Promise<string> {
  const long = short[text.trim().toLowerCase()];
  if (long === undefined || place.thread === undefined) return text;
  const run = await runOfThread(office, place);
  return run === undefined ? text : `${long} ${run}`;
}
