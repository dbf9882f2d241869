// @ts-check
/** An error response of the gateway, or none at all (status 0). */
export class CallError extends Error {
  /** @param {number} status @param {string} message @param {any} [body] */
  constructor(status, message, body) {
    super(message)
    this.status = status
    this.body = body
  }
}

/**
 * The absolute URL of a path of the gateway. The page's own URL decides, which a proxy may have extended.
 * @param {string} path without a slash at its beginning
 */
export function urlOf(path) {
  const page = new URL(document.baseURI)
  page.hash = ''
  page.search = ''
  return new URL(path, page).href
}

/**
 * The path of a task's resource.
 * @param {string} id @param {string} [rest]
 */
export function taskPath(id, rest = '') { return `v1/tasks/${encodeURIComponent(id)}${rest}` }

/**
 * Calls the gateway. Throws `CallError`.
 * @param {string} path
 * @param {{ method?: string, body?: any, headers?: Record<string, string>, signal?: AbortSignal }} [options]
 * @returns {Promise<any>} the JSON of the response; `null` without one
 */
export async function call(path, { method = 'GET', body, headers = {}, signal } = {}) {
  const limit = AbortSignal.timeout(60000)
  let response
  try {
    response = await fetch(urlOf(path), {
      method,
      headers: { Accept: 'application/json', ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
      credentials: 'same-origin'
    })
  } catch (error) {
    if (signal?.aborted) throw error
    throw new CallError(0, 'The gateway does not respond.')
  }
  const text = await response.text()
  const json = parse(text)
  if (response.ok) return json
  if (response.status === 401) window.dispatchEvent(new Event('reelgate-unauthorized'))
  throw new CallError(response.status, json?.detail ?? `The gateway responded with ${response.status}.`, json)
}

/** @param {string} text */
function parse(text) {
  try { return text ? JSON.parse(text) : null } catch { return null }
}

/** @type {Promise<any[]> | null} */
let catalog = null

/**
 * The models of the catalog, fetched once.
 * @returns {Promise<any[]>}
 */
export function models() {
  catalog ??= call('v1/models').then(list => list.data).catch(error => { catalog = null; throw error })
  return catalog
}

/**
 * The metrics of the gateway; empty for one without them.
 * @param {AbortSignal} signal
 * @returns {Promise<Metric[]>}
 */
export async function metrics(signal) {
  const index = await call('', { signal })
  if (!index?.links?.metrics) return []
  const response = await fetch(urlOf('metrics'), { headers: { Accept: 'text/plain' }, signal })
  if (!response.ok) return []
  const lines = (await response.text()).matchAll(/^(\w+)(?:\{(.*)\})? (\S+)$/gm)
  return [...lines].map(([, name, labels, value]) => ({ name, value: Number(value),
    labels: Object.fromEntries([...(labels ?? '').matchAll(/(\w+)="([^"]*)"/g)].map(([, label, text]) => [label, text])) }))
}
