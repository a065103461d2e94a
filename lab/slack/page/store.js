/**
 * @typedef {{ type: string, block_id?: string, action_id?: string, [key: string]: any }} Block
 * @typedef {object} Message
 * @property {string} ts @property {string} user @property {string} channel @property {string} [threadTs]
 * @property {boolean} onlyForMe @property {number} at @property {boolean} edited @property {number} replies
 * @property {string} text @property {Block[]} blocks @property {any[]} files @property {{ name: string, count: number }[]} reactions
 * @typedef {object} View
 * @property {string} id @property {string} hash @property {Block[]} blocks @property {Record<string, string>} errors
 * @property {{ text: string } | null} title @property {{ text: string } | null} submit @property {{ text: string } | null} close
 * @property {{ values: Record<string, Record<string, any>> }} state
 * @typedef {object} State what the server says that this person sees
 * @property {string} me @property {{ name: string, userId: string, heard: boolean }} app @property {string} direct
 * @property {Record<string, { name: string, realName: string, bot: boolean }>} users @property {Record<string, string>} groups
 * @property {{ command: string, usageHint: string, description: string }[]} commands
 * @property {{ id: string, name: string, kind: string, archived: boolean }[]} channels
 * @property {Record<string, Message[]>} messages @property {View | undefined} home @property {View[]} views @property {number} violations
 */

/** Where this tab is: who is looking, at which channel (or `home`), and at which thread. */
export const place = {
  user: sessionStorage.getItem('user') ?? 'U0ANA',
  channel: sessionStorage.getItem('channel') ?? 'C0OPS',
  /** @type {string | undefined} */
  thread: undefined,
};

/** @param {Partial<typeof place>} change */
export function go(change) {
  Object.assign(place, change);
  sessionStorage.setItem('user', place.user);
  sessionStorage.setItem('channel', place.channel);
}

/**
 * Does something as whoever is looking. What went wrong is shown in the corner.
 * @param {string} what @param {object} doing @returns {Promise<any>} what is shown at once
 */
export async function act(what, doing) {
  const response = await fetch(`/do/${what}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ user: place.user, ...doing }),
  });
  return response.json();
}

/**
 * Hears what this person sees, now and after each change. Answers what ends it.
 * @param {string} user @param {(state: State) => void} draw @param {(live: boolean) => void} show
 */
export function follow(user, draw, show) {
  const source = new EventSource(`/events?user=${user}`);
  source.onmessage = ({ data }) => draw(JSON.parse(data));
  source.onopen = () => show(true);
  source.onerror = () => show(false);
  return () => source.close();
}
