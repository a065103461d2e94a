import { el } from '../../../base/page/dom.js';
import { markdown } from './markdown.js';

/** @typedef {import('../message.ts').Component} Component */
/** @typedef {import('./markdown.js').Names} Names */
/**
 * What can be done to a message.
 * @typedef {object} Hands
 * @property {(button: string) => Promise<unknown>} press by custom id
 * @property {(list: string, values: string[]) => Promise<unknown>} pick
 */

const styles = ['', 'primary', 'plain', 'success', 'danger', 'link', 'premium'];

/** Draws a component and what is in it. @param {Component} component @param {Hands} hands @param {Names} names @returns {HTMLElement} */
export function drawComponent(component, hands, names) {
  const inner = () => (component.components ?? []).map((one) => drawComponent(one, hands, names));
  switch (component.type) {
    case 1:
      return el('div.row', {}, ...inner());
    case 2:
      return drawButton(component, hands);
    case 3:
      return drawList(component, hands);
    case 9:
      return el(
        'div.section',
        {},
        el('div', {}, ...inner()),
        component.accessory && drawComponent(component.accessory, hands, names),
      );
    case 10:
      return el('div.text', {}, ...markdown(component.content ?? '', names));
    case 13:
      return drawFile(String(component.name), String(/** @type {any} */ (component.file)?.url), Number(component.size));
    case 14:
      return el('hr', component.divider === false ? { class: 'bare' } : {});
    case 17: {
      const color = typeof component.accent_color === 'number' ? component.accent_color : undefined;
      const edge = color === undefined ? 'transparent' : `#${color.toString(16).padStart(6, '0')}`;
      return el('div.container', { style: `border-left-color: ${edge}` }, ...inner());
    }
    default:
      return el('div.unknown', {}, `component ${component.type}`);
  }
}

/** @param {string} name @param {string} url @param {number} size bytes */
export function drawFile(name, url, size) {
  return el('a.file', { href: url, download: name }, el('b', {}, name), el('span', {}, `${size} bytes`));
}

/** @param {Component} component @param {Hands} hands */
function drawButton({ style = 2, label = '', url, custom_id: id = '', disabled = false }, hands) {
  if (url) return el('a.button.link', { href: url, target: '_blank', rel: 'noopener' }, label, ' ↗');
  /** @param {Event} event */
  const click = async ({ currentTarget }) => {
    const button = /** @type {HTMLButtonElement} */ (currentTarget);
    button.classList.add('busy');
    await hands.press(id);
    button.classList.remove('busy');
  };
  return el(`button.button.${styles[style]}`, { type: 'button', disabled, click }, label);
}

/** @param {Component} component @param {Hands} hands */
function drawList({ options, placeholder = 'Make a selection', custom_id: id = '', disabled = false }, hands) {
  const choices = /** @type {{ label: string, value: string, default?: boolean }[]} */ (options);
  /** @param {Event} event */
  const change = ({ currentTarget }) => hands.pick(id, [/** @type {HTMLSelectElement} */ (currentTarget).value]);
  return el(
    'select',
    { disabled, change, 'aria-label': String(placeholder) },
    el('option', { value: '', disabled: true, selected: !choices.some((one) => one.default) }, String(placeholder)),
    ...choices.map((one) => el('option', { value: one.value, selected: one.default === true }, one.label)),
  );
}
