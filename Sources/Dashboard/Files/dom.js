// @ts-check
/**
 * Makes an element. `class`, `text` and `on` (listeners by event) are special, the rest are attributes;
 * `true` is an empty attribute, `false`, `null` and `undefined` are none.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, any>} [props]
 * @param {...(Child | Child[])} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag)
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue
    if (name === 'class') node.className = value
    else if (name === 'text') node.textContent = String(value)
    else if (name === 'on') for (const [event, run] of Object.entries(value)) node.addEventListener(event, run)
    else node.setAttribute(name, value === true ? '' : String(value))
  }
  append(node, children)
  return node
}

/** @param {Element} node @param {(Child | Child[])[]} children */
export function append(node, children) {
  for (const child of children.flat()) {
    if (child === null || child === undefined || child === false) continue
    node.append(typeof child === 'number' ? String(child) : child)
  }
}

/**
 * Replaces all children.
 * @param {Element} node @param {...(Child | Child[])} children
 */
export function fill(node, ...children) {
  node.replaceChildren()
  append(node, children)
}

/**
 * Sets a text only if it differs, so that a selection and a screen reader stay where they are.
 * @param {Element} node @param {string} text
 */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text
}

/** @param {string} id @returns {HTMLElement} */
export function byID(id) {
  const node = document.getElementById(id)
  if (!node) throw new Error(`#${id} is missing`)
  return node
}

let timer = 0

/**
 * Shows a message for a while; screen readers announce it.
 * @param {string} text
 */
export function announce(text) {
  const status = byID('status')
  status.textContent = text
  clearTimeout(timer)
  timer = window.setTimeout(() => { status.textContent = '' }, 8000)
}

/**
 * A list of names and values; entries without a value are left out.
 * @param {[string, Child | Child[]][]} entries
 */
export function facts(entries) {
  return el('dl', { class: 'facts' }, entries
    .filter(([, value]) => value !== null && value !== undefined && value !== false && value !== '')
    .map(([name, value]) => el('div', {}, el('dt', { text: name }), el('dd', {}, value))))
}

/**
 * A text in fixed width with a button that copies it.
 * @param {string} text @param {string} label
 */
export function copyable(text, label) {
  const button = el('button', { type: 'button', class: 'quiet small', text: 'Copy', 'aria-label': `Copy ${label}` })
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(text)
      announce(`Copied ${label}`)
    } catch { announce('The browser does not allow to copy') }
  })
  // Browsers offer the clipboard only over TLS and on loopback.
  return el('span', { class: 'copyable' }, el('code', { text }), navigator.clipboard ? button : null)
}
