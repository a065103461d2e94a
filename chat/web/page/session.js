/** @typedef {{ key: string, name: string, groups: readonly string[] }} Person */
/** @typedef {{ token: string, until: number, person: Person }} Session */

// In the tab's own storage, so that two tabs may be two people.
const place = 'botswain.session';

/** Who this tab acts as. @returns {Session | undefined} */
export function session() {
  const text = sessionStorage.getItem(place);
  return text === null ? undefined : JSON.parse(text);
}

/** @param {Session} fresh */
export function keepSession(fresh) {
  sessionStorage.setItem(place, JSON.stringify(fresh));
}

export function endSession() {
  sessionStorage.removeItem(place);
}
