// @ts-check
import { actionButtons } from './actions.js'
import { call, taskPath } from './api.js'
import { el, fill } from './dom.js'
import { ago, dollars } from './format.js'
import { link } from './router.js'
import { evidenceCard } from './task.js'
import { pill } from './tasks.js'

/** @type {Show} */
export const showUncertain = async (main, app, _, signal) => {
  /** @type {Map<string, HTMLElement>} */
  const cards = new Map()
  const list = el('ul', { class: 'plain wide' })
  const note = el('p', { class: 'empty', hidden: true, text: 'Nothing is uncertain: the outcome of every job is known.' })
  fill(main, el('div', { class: 'head' }, el('h1', { text: 'Uncertain', tabindex: '-1' })),
    el('p', { class: 'lead', text:
      'The provider’s reply to these jobs was lost, so they may be running and billed. The gateway never sends them again by itself.' }),
    note, list)

  /** @param {Task} task */
  const show = task => {
    let card = cards.get(task.id)
    if (!card && task.gateway.state !== 'uncertain') return
    if (!card) {
      card = el('li', { class: 'card' })
      cards.set(task.id, card)
      list.append(card)
    }
    // A card with the focus is in use; its buttons look at the newest version themselves.
    if (card.contains(document.activeElement) && task.gateway.state === 'uncertain') return
    fill(card, cardOf(task, app, () => refresh(task.id)))
    note.hidden = cards.size > 0
  }
  const refresh = async (/** @type {string} */ id) => {
    const task = await call(taskPath(id), { signal }).catch(() => null)
    if (task) show(app.feed.merge([task])[0])
  }
  const load = async () => {
    const page = await call('v1/tasks?state=uncertain&limit=100', { signal })
    for (const task of app.feed.merge(page.data)) show(task)
    note.hidden = cards.size > 0
  }
  app.feed.addEventListener('tasks', event => /** @type {CustomEvent<Task[]>} */ (event).detail.forEach(show), { signal })
  app.feed.addEventListener('reset', () => load().catch(() => {}), { signal })
  await load().catch(error => { if (!signal.aborted) fill(list, el('li', { class: 'fault', text: error.message })) })
}

/** @param {Task} task @param {App} app @param {() => void} done */
function cardOf(task, app, done) {
  const isOpen = task.gateway.state === 'uncertain'
  return [
    el('div', { class: 'head' }, el('h2', {}, el('a', { href: link('tasks', task.id), 'data-row': true, text: task.gateway.prompt || task.id })),
      pill(task.gateway.state)),
    el('p', { class: 'muted', text: `${task.model} · ${dollars(task.gateway.price?.microdollars)} ${task.gateway.price?.state ?? ''} · ${ago(task.created)} · ${task.gateway.client}` }),
    isOpen ? evidenceCard(task.error?.message ?? '', task.gateway.evidence ?? {}) : el('p', { text: 'Settled.' }),
    isOpen ? el('div', { class: 'buttons' }, actionButtons(task, app, { hasWebhook: false, done })) : null
  ]
}
