/**
 * Makes an element. An attribute that is `null`, `undefined` or `false` is left out, `true` is set without a value; children are
 * nodes or text, and text is never read as HTML.
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    made.setAttribute(name, value === true ? '' : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

/** The element with this id; the page's own, so it is there. */
export function byId(id) {
  return document.getElementById(id);
}
