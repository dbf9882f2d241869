// @ts-check
import { announce, el } from './dom.js'
import { go, link } from './router.js'

const STORED = 'reelgate-keys'
/** Milliseconds in which the second key of `g t` must follow. */
const CHORD = 1500

/** Whether single keys are commands. Speech input and some keyboards need them off (WCAG 2.1.4). */
function areOn() {
  try { return localStorage.getItem(STORED) !== 'off' } catch { return true }
}

/** @param {Commands} commands */
export function listenForKeys(commands) {
  let began = -CHORD
  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !areOn()) return
    const target = /** @type {HTMLElement} */ (event.target)
    if (target.closest('input, textarea, select, dialog, [contenteditable]')) return
    const isSecond = performance.now() - began < CHORD
    began = -CHORD
    if (isSecond && commands.pages[event.key]) {
      event.preventDefault()
      return go(link(commands.pages[event.key]))
    }
    switch (event.key) {
      case 'g': began = performance.now(); return
      case '/': commands.search(); break
      case '?': showKeys(commands); break
      case 'r': commands.live(); break
      case 't': commands.theme(); break
      case 'j': moveFocus(1); break
      case 'k': moveFocus(-1); break
      default: return
    }
    event.preventDefault()
  })
}

/**
 * Moves the focus to the next or the previous row of a list. `Enter` then follows its link.
 * @param {1 | -1} step
 */
function moveFocus(step) {
  const rows = /** @type {HTMLElement[]} */ ([...document.querySelectorAll('main [data-row]')])
  const index = rows.indexOf(/** @type {HTMLElement} */ (document.activeElement))
  const next = index < 0 ? (step > 0 ? 0 : rows.length - 1) : index + step
  rows[next]?.focus()
  rows[next]?.scrollIntoView({ block: 'nearest' })
}

/**
 * Shows the list of keys.
 * @param {Commands} commands
 */
export function showKeys(commands) {
  const rows = [['/', 'Search'], ['j  k', 'Next and previous row'], ['Enter', 'Open the row'],
    ['r', 'Live updates on or off'], ['t', 'Light or dark'], ['?', 'This list'],
    ...Object.entries(commands.pages).map(([key, page]) => [`g ${key}`, `Go to ${page}`])]
  const toggle = el('input', { type: 'checkbox', id: 'keys-on' })
  toggle.checked = areOn()
  toggle.addEventListener('change', () => {
    try { localStorage.setItem(STORED, toggle.checked ? 'on' : 'off') } catch { /* Holds for no longer. */ }
    announce(toggle.checked ? 'Keys are on' : 'Keys are off')
  })
  const close = el('button', { type: 'button', text: 'Close' })
  const dialog = el('dialog', { 'aria-labelledby': 'keys-title' },
    el('h2', { id: 'keys-title', text: 'Keys' }),
    el('dl', { class: 'keys' }, rows.map(([key, what]) => el('div', {},
      el('dt', {}, key.split(/\s+/).map(part => el('kbd', { text: part }))), el('dd', { text: what })))),
    el('p', {}, el('label', { class: 'check' }, toggle, 'Single keys are commands')), el('p', {}, close))
  close.addEventListener('click', () => dialog.close())
  dialog.addEventListener('close', () => dialog.remove())
  document.body.append(dialog)
  dialog.showModal()
}
