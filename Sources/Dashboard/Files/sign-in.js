// @ts-check
import { call } from './api.js'
import { el } from './dom.js'

/**
 * Asks for a token, and exchanges it for a session.
 * @param {HTMLElement} main @param {() => void} done runs when the user is signed in
 */
export function showSignIn(main, done) {
  document.title = 'Sign in · Reelgate'
  const input = el('input', { id: 'token', type: 'password', autocomplete: 'current-password', required: true,
    spellcheck: 'false', 'aria-describedby': 'token-hint token-error' })
  const error = el('p', { class: 'fault', id: 'token-error', role: 'alert' })
  const button = el('button', { type: 'submit', class: 'primary', text: 'Sign in' })
  const form = el('form', { class: 'card sign-in', novalidate: true },
    el('h1', { text: 'Sign in', tabindex: '-1' }),
    // Password managers want a name.
    el('input', { type: 'text', autocomplete: 'username', value: 'reelgate', hidden: true }),
    el('label', { for: 'token', text: 'Token' }), input,
    el('p', { class: 'hint', id: 'token-hint', text:
      'It begins with rg_. An operator creates one with: reelgate clients add NAME' }),
    error, button)
  form.addEventListener('submit', async event => {
    event.preventDefault()
    const token = input.value.trim()
    error.textContent = token ? '' : 'Enter a token.'
    if (!token) return input.focus()
    // What is no token cannot be in a header field either.
    if (!/^[\x21-\x7e]+$/.test(token)) { error.textContent = 'This is not a token.'; return input.focus() }
    button.disabled = true
    try {
      await call('v1/session', { method: 'POST', headers: { Authorization: `Bearer ${token}` } })
      input.value = ''
      done()
    } catch (problem) {
      error.textContent = /** @type {Error} */ (problem).message
      input.setAttribute('aria-invalid', 'true')
      input.select()
      input.focus()
    } finally { button.disabled = false }
  })
  main.replaceChildren(form)
  input.focus()
}
