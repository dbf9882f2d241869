// @ts-check
import { CallError, call, taskPath } from './api.js'
import { announce, el } from './dom.js'
import { dollars, ENDED } from './format.js'

/**
 * Asks before something is done, and shows why it failed. Resolves to whether it was done.
 * @param {{ title: string, text: string, action: string, danger?: boolean, fields?: HTMLElement[],
 *   run: () => Promise<any> }} question
 * @returns {Promise<boolean>}
 */
function confirm({ title, text, action, danger, fields = [], run }) {
  return new Promise(resolve => {
    const error = el('p', { class: 'fault', role: 'alert' })
    const button = el('button', { type: 'submit', class: danger ? 'danger' : 'primary', text: action })
    const cancel = el('button', { type: 'button', text: 'Keep it as it is' })
    const form = el('form', { novalidate: true }, el('h2', { id: 'confirm-title', text: title }),
      el('p', { id: 'confirm-text', text }), fields, error, el('p', { class: 'buttons' }, button, cancel))
    const dialog = el('dialog', { 'aria-labelledby': 'confirm-title', 'aria-describedby': 'confirm-text' }, form)
    let isDone = false
    cancel.addEventListener('click', () => dialog.close())
    dialog.addEventListener('close', () => { dialog.remove(); resolve(isDone) })
    form.addEventListener('submit', async event => {
      event.preventDefault()
      button.disabled = true
      error.textContent = ''
      try {
        await run()
        isDone = true
        dialog.close()
      } catch (problem) {
        const { message, body } = /** @type {CallError} */ (problem)
        error.textContent = [message, ...(body?.errors ?? []).map(/** @param {any} e */ e => e.hint)].filter(Boolean).join(' ')
      } finally { button.disabled = false }
    })
    document.body.append(dialog)
    dialog.showModal()
    // Nothing dangerous has the focus at first.
    if (fields.length === 0) cancel.focus()
  })
}

/** @param {Task} task */
function price(task) {
  const known = task.gateway.price
  return known ? dollars(known.microdollars) : 'an unknown price, since its model has none'
}

/** @param {Task} task @param {string} name @param {any} [body] */
function post(task, name, body) { return call(taskPath(task.id, `/${name}`), { method: 'POST', body }) }

/** @param {Task} task */
function adopt(task) {
  const input = el('input', { id: 'provider-id', autocomplete: 'off', spellcheck: 'false', required: true })
  return confirm({
    title: 'Adopt the provider’s task', action: 'Adopt',
    text: 'The provider has the job. Type the id that it gave to it; the gateway then follows that task.',
    fields: [el('label', { for: 'provider-id', text: 'Provider task id' }), input],
    run: () => {
      const id = input.value.trim()
      if (!id) { input.focus(); throw new CallError(0, 'Type the id of the task at the provider.') }
      return post(task, 'adopt', { provider_task_id: id })
    }
  })
}

/** @param {Task} task */
function dismiss(task) {
  const isUncertain = task.gateway.state === 'uncertain'
  return confirm({
    title: isUncertain ? 'Dismiss the task' : 'Free the held price', action: isUncertain ? 'Dismiss' : 'Free it', danger: true,
    text: isUncertain
      ? `The provider never had the job and bills nothing. The task fails, and ${price(task)} is free again.`
      : `The provider bills nothing for this task. The price that it holds, ${price(task)}, is free again.`,
    run: () => post(task, 'dismiss')
  })
}

/** @param {Task} task */
function resubmit(task) {
  return confirm({
    title: 'Send the job again', action: `Send again for ${dollars(task.gateway.price?.microdollars)}`, danger: true,
    text: `The provider may already have the job. Sending it again costs ${price(task)}, and both may be billed.`,
    run: () => post(task, 'resubmit')
  })
}

/** @param {Task} task */
function cancelTask(task) {
  return confirm({
    title: 'Cancel the task', action: 'Cancel the task', danger: true,
    text: 'The job was not sent yet. It is withdrawn and costs nothing.', run: () => post(task, 'cancel')
  })
}

/** @param {Task} task */
function redeliver(task) {
  return confirm({
    title: 'Send the webhook again', action: 'Send again', text: 'The last webhook of the task is sent at once.',
    run: () => post(task, 'redeliver')
  })
}

/** @param {Task} task */
function review(task) {
  const note = el('textarea', { id: 'review-note', rows: 3, maxlength: 1000 })
  note.value = task.gateway.review?.note ?? ''
  const verdicts = ['accepted', 'rejected'].map(verdict => {
    const radio = el('input', { type: 'radio', name: 'verdict', value: verdict, id: `verdict-${verdict}` })
    radio.checked = (task.gateway.review?.verdict ?? 'accepted') === verdict
    return { radio, node: el('label', { class: 'check' }, radio, verdict === 'accepted' ? 'Accepted' : 'Rejected') }
  })
  return confirm({
    title: 'Review the video', action: 'Save', text: 'Spend then shows what an accepted video costs.',
    fields: [el('fieldset', {}, el('legend', { text: 'Verdict' }), verdicts.map(({ node }) => node)),
      el('label', { for: 'review-note', text: 'Note (optional)' }), note],
    run: () => {
      const verdict = verdicts.find(({ radio }) => radio.checked)?.radio.value
      return post(task, 'review', { verdict, ...(note.value.trim() ? { note: note.value.trim() } : {}) })
    }
  })
}

/**
 * The buttons of what can be done with a task now.
 * @param {Task} task @param {App} app @param {{ hasWebhook: boolean, done: () => void }} options
 */
export function actionButtons(task, app, { hasWebhook, done }) {
  const { state, price } = task.gateway
  const isOperator = app.session.operator
  const holds = ENDED.has(state) && (price?.state === 'held' || !!price?.earlier_microdollars)
  /** @type {[string, boolean, (task: Task) => Promise<boolean>, string?][]} */
  const actions = [
    ['Adopt…', isOperator && state === 'uncertain', adopt, 'primary'],
    ['Dismiss…', isOperator && state === 'uncertain', dismiss],
    ['Send again…', isOperator && state === 'uncertain', resubmit],
    ['Free the held price…', isOperator && holds, dismiss],
    ['Cancel…', task.task_info.can_cancel, cancelTask],
    ['Review…', state === 'completed', review],
    ['Send the webhook again…', hasWebhook, redeliver]
  ]
  return actions.filter(([, isPossible]) => isPossible).map(([text, , run, style]) =>
    el('button', { type: 'button', class: style, text, on: { click: async () => {
      if (!await run(app.feed.tasks.get(task.id) ?? task)) return
      announce('Done')
      done()
    } } }))
}
