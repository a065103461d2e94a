import { byId, el, fill } from '../../../base/page/dom.js';
import { call } from './api.js';
import { tick } from './clock.js';
import { showConsole } from './console.js';
import { askWho } from './gate.js';
import { session } from './session.js';

setInterval(() => tick(), 1000);
await run();

async function run() {
  const welcome = await meet();
  document.title = welcome.title;
  for (let channel = welcome.channels[0] ?? ''; ; ) {
    const own = session();
    if (own) channel = await showConsole(welcome, own.person, channel);
    else await askWho(welcome);
  }
}

/** Asks for what has to be known first, until it comes. @returns {Promise<import('./gate.js').Welcome>} */
async function meet() {
  const gate = byId('gate');
  for (;;) {
    try {
      const welcome = await call('GET', '/api/console');
      gate.hidden = true;
      return welcome;
    } catch (error) {
      fill(gate, el('div.gate-box', {}, el('p.trouble', { role: 'alert' }, /** @type {Error} */ (error).message)));
      gate.hidden = false;
      await new Promise((resolve) => setTimeout(resolve, 2000));
    }
  }
}
