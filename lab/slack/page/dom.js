/** @typedef {Node | string | null | undefined | false} Child */

/**
 * Makes an element. Text only ever becomes text nodes, so nothing that a message says can become markup.
 * @param {string} tag `button`, or `button.primary` with classes
 * @param {Record<string, string | number | boolean | EventListener | undefined>} [props] attributes; functions are listeners (`click`)
 * @param {...Child} children
 * @returns {HTMLElement}
 */
export function el(tag, props = {}, ...children) {
  const [name = 'div', ...classes] = tag.split('.');
  const node = document.createElement(name);
  if (classes.length > 0) node.classList.add(...classes);
  for (const [key, value] of Object.entries(props)) {
    if (typeof value === 'function') node.addEventListener(key, value);
    else if (value !== undefined && value !== false) node.setAttribute(key, value === true ? '' : String(value));
  }
  fill(node, ...children);
  return node;
}

/**
 * Puts these in the place of what the element has.
 * @param {Element} node @param {...Child} children
 */
export function fill(node, ...children) {
  node.replaceChildren(...children.filter((child) => child !== null && child !== undefined && child !== false));
}

/**
 * The element with this id, which `index.html` has.
 * @param {string} id @returns {HTMLElement}
 */
export function byId(id) {
  const node = document.getElementById(id);
  if (!node) throw new Error(`index.html has no #${id}`);
  return node;
}
