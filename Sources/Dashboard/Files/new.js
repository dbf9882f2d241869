// @ts-check
import { CallError, call, models, taskPath } from './api.js'
import { announce, el, facts, fill } from './dom.js'
import { dollars, label, span } from './format.js'
import { go, link, replace } from './router.js'

/** Milliseconds without a change before the gateway is asked for a quote. */
const PAUSE = 350

/** @param {any} schema */
function typesOf(schema) { return Array.isArray(schema.type) ? schema.type : [schema.type] }

/**
 * The control of one parameter, made from its JSON Schema.
 * @param {string} name @param {any} schema @param {boolean} isRequired @param {() => void} changed
 * @returns {Field}
 */
function makeField(name, schema, isRequired, changed) {
  const id = `job-${name}`
  const faults = el('p', { class: 'fault', id: `${id}-fault` })
  const hint = schema.description ? el('p', { class: 'hint', id: `${id}-hint`, text: schema.description }) : null
  const described = `${hint ? `${id}-hint ` : ''}${id}-fault`
  const attributes = { id, 'aria-describedby': described, 'aria-required': isRequired ? 'true' : null }
  const control = makeControl(name, schema, isRequired, attributes)
  const title = el(control.isGroup ? 'legend' : 'label', control.isGroup ? {} : { for: id }, label(name),
    isRequired ? el('span', { class: 'muted', text: ' required' }) : null)
  const node = el(control.isGroup ? 'fieldset' : 'div', { class: 'field', 'aria-describedby': control.isGroup ? described : null },
    title, hint, control.node, faults)
  const field = { ...control, name, node, touched: false, faults, standard: schema.default }
  node.addEventListener('input', changed)
  node.addEventListener('focusout', () => { field.touched = true; changed() })
  node.addEventListener('change', changed)
  return field
}

/** @param {string} name @param {any} schema @param {boolean} isRequired @param {Record<string, any>} attributes
 * @returns {{ node: HTMLElement, inputs: () => HTMLElement[], read: () => any, write: (value: any) => void, isGroup?: boolean }} */
function makeControl(name, schema, isRequired, attributes) {
  const types = typesOf(schema)
  if (schema.enum) return choiceControl(schema, isRequired, attributes)
  if (types.includes('boolean')) return choiceControl({ ...schema, enum: [true, false, ...(types.includes('null') ? [null] : [])] }, isRequired, attributes)
  if (types.includes('array')) return listControl(name, schema, attributes)
  if (types.includes('integer') || types.includes('number')) return numberControl(schema, attributes)
  if (types.includes('string')) return textControl(schema, attributes)
  return jsonControl(attributes)
}

/**
 * One of several values.
 * @param {any} schema @param {boolean} isRequired @param {Record<string, any>} attributes
 */
function choiceControl(schema, isRequired, attributes) {
  const values = schema.enum.filter(/** @param {any} value */ value => value !== null)
  const name = (/** @type {any} */ value) => value === true ? 'Yes' : value === false ? 'No' : String(value)
  const isOptional = !isRequired && schema.default === undefined
  const select = el('select', attributes, isOptional ? el('option', { value: '', text: 'Leave out' }) : null,
    values.map(/** @param {any} value @param {number} index */ (value, index) =>
      el('option', { value: String(index), text: name(value) + (value === schema.default ? ' (default)' : '') })))
  const write = (/** @type {any} */ value) => { const index = values.indexOf(value); if (index >= 0) select.value = String(index) }
  write(schema.default)
  return { node: select, inputs: () => [select], write, read: () => select.value === '' ? undefined : values[Number(select.value)] }
}

/** @param {any} schema @param {Record<string, any>} attributes */
function textControl(schema, attributes) {
  const isLong = schema.format !== 'uri' && (schema.maxLength ?? 1000) > 200
  const input = isLong ? el('textarea', { ...attributes, rows: 4 })
    : el('input', { ...attributes, inputmode: schema.format === 'uri' ? 'url' : null, autocomplete: 'off' })
  const count = isLong && schema.maxLength ? el('p', { class: 'hint count-left' }) : null
  const show = () => { if (count) count.textContent = `${[...input.value].length} of ${schema.maxLength} characters` }
  input.addEventListener('input', show)
  show()
  return { node: count ? el('div', {}, input, count) : input, inputs: () => [input],
    read: () => input.value === '' ? undefined : input.value,
    write: (/** @type {any} */ value) => { input.value = String(value ?? ''); show() } }
}

/** @param {any} schema @param {Record<string, any>} attributes */
function numberControl(schema, attributes) {
  // Larger ones are not what the schema has: JavaScript has rounded them.
  const bounds = [schema.minimum, schema.maximum].filter(bound => Math.abs(bound) <= Number.MAX_SAFE_INTEGER)
  const input = el('input', { ...attributes, inputmode: 'numeric', autocomplete: 'off', placeholder: bounds.join(' to ') })
  if (schema.default !== undefined) input.value = String(schema.default)
  const read = () => input.value.trim() === '' ? undefined : exactNumber(input.value.trim())
  return { node: input, inputs: () => [input], read, write: (/** @type {any} */ value) => { input.value = String(value ?? '') } }
}

/**
 * The number of a text, without rounding. What is no number is sent as it is: the gateway then says what is wrong.
 * @param {string} text
 */
function exactNumber(text) {
  const number = Number(text)
  if (!/^-?(0|[1-9][0-9]*)$/.test(text) || Number.isSafeInteger(number)) return Number.isFinite(number) ? number : text
  const raw = /** @type {any} */ (JSON).rawJSON
  return raw ? raw(text) : text
}

/**
 * Several values, one input each.
 * @param {string} name @param {any} schema @param {Record<string, any>} attributes
 */
function listControl(name, schema, attributes) {
  const list = el('div', { class: 'list', id: attributes.id })
  const max = schema.maxItems ?? 20
  const inputs = () => /** @type {HTMLInputElement[]} */ ([...list.querySelectorAll('input')])
  const add = el('button', { type: 'button', class: 'small', text: 'Add another' })
  const update = () => {
    add.hidden = inputs().length >= max
    for (const [index, input] of inputs().entries()) input.setAttribute('aria-label', `${label(name)}, ${index + 1}`)
    for (const button of list.querySelectorAll('button')) button.hidden = inputs().length === 1
  }
  const addInput = (/** @type {string} */ value) => {
    const input = el('input', { autocomplete: 'off', inputmode: schema.items?.format === 'uri' ? 'url' : null,
      'aria-describedby': attributes['aria-describedby'] })
    input.value = value
    const remove = el('button', { type: 'button', class: 'small', text: 'Remove' })
    const line = el('div', { class: 'line' }, input, remove)
    remove.addEventListener('click', () => {
      line.remove()
      update()
      inputs()[0].focus()
      list.dispatchEvent(new Event('change', { bubbles: true }))
    })
    list.append(line)
    update()
    return input
  }
  add.addEventListener('click', () => addInput('').focus())
  for (let index = 0; index < Math.max(1, schema.minItems ?? 1); index += 1) addInput('')
  return { node: el('div', {}, list, add), inputs, isGroup: true,
    read: () => { const values = inputs().map(input => input.value).filter(Boolean); return values.length ? values : undefined },
    write: (/** @type {any} */ value) => {
      if (!Array.isArray(value)) return
      list.replaceChildren()
      for (const item of value.length ? value : ['']) addInput(String(item))
    } }
}

/**
 * A value of any other kind, as JSON.
 * @param {Record<string, any>} attributes
 */
function jsonControl(attributes) {
  const input = el('textarea', { ...attributes, rows: 3, spellcheck: 'false' })
  const read = () => {
    if (input.value.trim() === '') return undefined
    try { return JSON.parse(input.value) } catch { return input.value }
  }
  return { node: input, inputs: () => [input], read, write: (/** @type {any} */ value) => { input.value = JSON.stringify(value) } }
}

/** The form of a job for one model of the catalog. */
class JobForm {
  /** @type {Field[]} */
  fields = []
  model = ''
  #timer = 0
  #turn = 0
  #sent = { body: '', key: '' }
  #hasTried = false

  /** @param {App} app @param {any[]} catalog @param {AbortSignal} signal */
  constructor(app, catalog, signal) {
    this.app = app
    this.catalog = catalog
    this.signal = signal
    this.select = el('select', { id: 'job-model' }, catalog.map(model => el('option', { value: model.id, text: (model.title ?? model.id) + (isDeprecated(model) ? ' (deprecated)' : '') })))
    this.about = el('p', { class: 'hint', id: 'job-model-hint' })
    this.body = el('div')
    this.faults = el('ul', { class: 'plain fault', role: 'alert' })
    this.button = el('button', { type: 'submit', class: 'primary', text: 'Send the job' })
    this.quote = el('div', { role: 'status' })
    this.form = el('form', { class: 'columns', novalidate: true },
      el('div', { class: 'card' }, el('div', { class: 'field' }, el('label', { for: 'job-model', text: 'Model' }), this.about, this.select), this.body),
      el('div', { class: 'card side sticky' }, el('h2', { text: 'Quote' }), this.quote, this.faults, el('p', {}, this.button)))
    this.select.setAttribute('aria-describedby', 'job-model-hint')
    this.select.addEventListener('change', () => this.choose(this.select.value))
    this.form.addEventListener('submit', event => { event.preventDefault(); this.#submit() })
    signal.addEventListener('abort', () => clearTimeout(this.#timer))
  }

  /**
   * Shows the parameters of a model; values that both have stay.
   * @param {string} id @param {Record<string, any>} [values]
   */
  choose(id, values = this.#job(true)) {
    const model = this.catalog.find(model => model.id === id) ?? this.catalog[0]
    this.model = model.id
    this.select.value = model.id
    this.about.textContent = [model.description, isDeprecated(model) && deprecation(model.lifecycle)].filter(Boolean).join(' ')
    replace(link('new', '', { model: model.id }))
    const { properties, required = [] } = model.parameters
    this.fields = Object.entries(properties).filter(([, schema]) => /** @type {any} */ (schema).const === undefined)
      .map(([name, schema]) => makeField(name, schema, required.includes(name), () => this.#changed()))
    for (const field of this.fields) if (values[field.name] !== undefined) field.write(values[field.name])
    const isRare = (/** @type {Field} */ field) => !required.includes(field.name) && properties[field.name].default === undefined
    const rare = this.fields.filter(isRare)
    fill(this.body, this.fields.filter(field => !isRare(field)).map(field => field.node),
      rare.length ? el('details', { open: rare.some(field => field.read() !== undefined) },
        el('summary', { text: 'More options' }), rare.map(field => field.node)) : null)
    this.#ask()
  }

  /**
   * The job as it is filled in.
   * @param {boolean} [isBrief] without values that are defaults
   * @returns {Record<string, any>}
   */
  #job(isBrief) {
    /** @type {Record<string, any>} */
    const job = { model: this.model }
    for (const field of this.fields) {
      const value = field.read()
      if (value !== undefined && !(isBrief && value === field.standard)) job[field.name] = value
    }
    return job
  }

  #changed() {
    clearTimeout(this.#timer)
    this.#timer = window.setTimeout(() => this.#ask(), PAUSE)
  }

  /** Asks what the job would cost and what is wrong with it; only the answer to the last question counts. */
  async #ask() {
    this.#turn += 1
    const turn = this.#turn
    try {
      const quote = await call('v1/videos/quote', { method: 'POST', body: this.#job(), signal: this.signal })
      if (turn === this.#turn) this.#showQuote(quote)
    } catch (error) {
      if (!this.signal.aborted && turn === this.#turn) this.#showFaults([{ code: '', message: /** @type {Error} */ (error).message }])
    }
  }

  /** @param {any} quote */
  #showQuote(quote) {
    this.#showFaults(quote.errors)
    const { price, budget } = quote
    const isReady = quote.errors.length === 0
    fill(this.quote, price ? el('p', { class: 'figure', text: dollars(price.microdollars) })
      : el('p', { class: 'muted', text: isReady ? 'This model has no price in the catalog.' : 'Fill in the form to see the price.' }),
    facts([
      ['Budget afterwards', budget && dollars(budget.after_microdollars)],
      ['Queue', isReady && (quote.queue_position === null ? 'Sent at once' : `Number ${quote.queue_position}`)],
      ['Usually ready after', isReady && quote.estimated_time !== null && span(quote.estimated_time)]
    ]))
    this.button.textContent = price ? `Send the job for ${dollars(price.microdollars)}` : 'Send the job'
  }

  /**
   * Shows each fault beside its field: of fields that were changed, and of all once sending was tried.
   * @param {Fault[]} faults
   */
  #showFaults(faults) {
    const rest = []
    for (const field of this.fields) {
      const own = faults.filter(fault => fault.pointer?.split('/')[1] === field.name)
      const isShown = own.length > 0 && (this.#hasTried || field.touched || own.every(fault => fault.code !== 'required' && fault.code !== 'empty'))
      const text = isShown ? own.map(textOf).join('. ') : ''
      if (field.faults.textContent !== text) field.faults.textContent = text
      for (const [index, input] of field.inputs().entries()) {
        const isWrong = isShown && own.some(fault => fault.pointer === `/${field.name}` || fault.pointer === `/${field.name}/${index}`)
        if (isWrong) input.setAttribute('aria-invalid', 'true'); else input.removeAttribute('aria-invalid')
      }
    }
    for (const fault of faults) if (!this.fields.some(field => field.name === fault.pointer?.split('/')[1])) rest.push(fault)
    fill(this.faults, rest.map(fault => el('li', { text: textOf(fault) })))
  }

  async #submit() {
    this.#hasTried = true
    const job = this.#job()
    const body = JSON.stringify(job)
    // The same job again, after a lost response, joins the task of the first time.
    if (body !== this.#sent.body) this.#sent = { body, key: randomKey() }
    this.button.disabled = true
    try {
      const task = await call('v1/videos/generations', { method: 'POST', body: job,
        headers: { Prefer: 'respond-async', 'Idempotency-Key': this.#sent.key } })
      this.app.feed.merge([task])
      announce('The job is stored')
      go(link('tasks', task.id))
    } catch (problem) {
      const { message, body, status } = /** @type {CallError} */ (problem)
      // A stored job is not lost, whatever the status.
      if (body?.task_id) return go(link('tasks', body.task_id))
      if (status >= 400 && status < 500) this.#sent = { body: '', key: '' }
      this.#showFaults(body?.errors?.length ? body.errors : [{ code: '', message: status === 0 ? `${message} Send the job again: it is bought once.` : message }])
      const wrong = /** @type {HTMLElement | null} */ (this.form.querySelector('[aria-invalid]'))
      wrong?.focus()
    } finally { this.button.disabled = false }
  }
}

/** @param {any} model of the catalog */
function isDeprecated(model) { return model.lifecycle?.status === 'deprecated' }

/** @param {any} lifecycle */
function deprecation({ until, successor }) {
  return `It is deprecated${until ? ` and ends on ${until}` : ''}${successor ? `; its successor is ${successor}` : ''}.`
}

/** @param {Fault} fault */
function textOf(fault) { return fault.hint ? `${fault.message}; ${fault.hint}` : fault.message }

/** An idempotency key; `crypto.randomUUID` is missing on pages without TLS. */
function randomKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map(byte => byte.toString(16).padStart(2, '0')).join('')
}

/** @type {Show} */
export const showNew = async (main, app, route, signal) => {
  fill(main, el('div', { class: 'head' }, el('h1', { text: 'New job', tabindex: '-1' })))
  try {
    const catalog = (await models()).filter(model => model.lifecycle?.status !== 'retired')
    const from = route.query.get('from')
    const earlier = from ? (await call(taskPath(from, '/record'), { signal })).job : null
    if (signal.aborted) return
    if (catalog.length === 0) return void main.append(el('p', { text: 'The catalog has no model.' }))
    const form = new JobForm(app, catalog, signal)
    main.append(form.form)
    form.choose(earlier?.model ?? route.query.get('model') ?? catalog[0].id, earlier ?? {})
  } catch (error) {
    if (!signal.aborted) main.append(el('p', { class: 'fault', text: /** @type {Error} */ (error).message }))
  }
}
