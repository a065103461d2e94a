const place = 'botswain.dismissed';
const most = 500;

/** @returns {string[]} */
function ids() {
  return JSON.parse(sessionStorage.getItem(place) ?? '[]');
}

/** Whether this tab put the private message away. @param {string} id */
export function wasDismissed(id) {
  return ids().includes(id);
}

/** @param {string} id */
export function dismissForGood(id) {
  sessionStorage.setItem(place, JSON.stringify([...ids(), id].slice(-most)));
}
