/** @typedef {Node | string | null | undefined | false} Child */

/**
 * Makes an element. Text only ever becomes text nodes, so nothing that a card says can become markup.
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

/** @type {WeakMap<Element, string>} */
const drawn = new WeakMap();

/**
 * Makes the children of an element match a list, leaving alone those that did not change: a focused button keeps its focus,
 * a bar keeps moving. `draw` may update and answer the old element.
 * @template T
 * @param {Element} parent @param {readonly T[]} items @param {(item: T, old: Element | undefined) => Element} draw
 */
export function patch(parent, items, draw) {
  for (const [i, item] of items.entries()) {
    const json = JSON.stringify(item);
    const old = parent.children[i];
    if (old && drawn.get(old) === json) continue;
    const fresh = draw(item, old);
    drawn.set(fresh, json);
    if (!old) parent.append(fresh);
    else if (old !== fresh) old.replaceWith(fresh);
  }
  while (parent.children.length > items.length) parent.lastElementChild?.remove();
}
