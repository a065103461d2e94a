let aheadMs = 0;

/** Takes the server's time (ms since the epoch) as the one that counts. @param {number} now */
export function setServerTime(now) {
  aheadMs = now - Date.now();
}

/** @returns {number} the server's time, ms since the epoch */
export function serverNow() {
  return Date.now() + aheadMs;
}

/** `0.4 s`, `38 s`, `1 min 12 s`, `2 h 5 min`. @param {number} lengthMs */
export function spell(lengthMs) {
  const seconds = Math.max(0, lengthMs) / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  return spellWhole(Math.round(seconds));
}

/** @param {number} seconds whole ones */
function spellWhole(seconds) {
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min${seconds % 60 ? ` ${seconds % 60} s` : ''}`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h${minutes % 60 ? ` ${minutes % 60} min` : ''}`;
  return `${Math.floor(hours / 24)} days`;
}

/** `in 5 min`, `12 s ago`. @param {number} at ms since the epoch */
function relative(at) {
  const away = Math.round((at - serverNow()) / 1000);
  const far = Math.abs(away) >= 3600 ? Math.round(Math.abs(away) / 60) * 60 : Math.abs(away);
  // Above two minutes the seconds only flicker.
  const shown = spellWhole(far >= 120 ? Math.round(far / 60) * 60 : far);
  return away >= 0 ? `in ${shown}` : `${shown} ago`;
}

/** Brings every `data-since` and `data-when` in the page up to now. @param {ParentNode} [root] */
export function tick(root = document) {
  for (const node of root.querySelectorAll('[data-since]')) {
    node.textContent = spellWhole(
      Math.max(0, Math.floor((serverNow() - Number(node.getAttribute('data-since'))) / 1000)),
    );
  }
  for (const node of root.querySelectorAll('[data-when]'))
    node.textContent = relative(Number(node.getAttribute('data-when')));
}

/** `14:05`, or with seconds `14:05:33`. @param {number} at ms since the epoch @param {boolean} [seconds] */
export function timeOfDay(at, seconds = false) {
  const style = { hour: '2-digit', minute: '2-digit', ...(seconds ? { second: '2-digit' } : {}), hourCycle: 'h23' };
  return new Intl.DateTimeFormat(undefined, /** @type {Intl.DateTimeFormatOptions} */ (style)).format(at);
}

/** `Today`, `Yesterday`, `Friday, 21 November`. @param {number} at ms since the epoch */
export function dayOf(at) {
  const day = new Date(at).toDateString();
  if (day === new Date(serverNow()).toDateString()) return 'Today';
  if (day === new Date(serverNow() - 24 * 3600 * 1000).toDateString()) return 'Yesterday';
  return new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' }).format(at);
}
