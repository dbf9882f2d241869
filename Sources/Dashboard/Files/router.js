// @ts-check
/**
 * The route that the fragment of the URL names: `#/tasks/ID?state=running`.
 * @returns {Route}
 */
export function currentRoute() {
  const [path, query] = location.hash.replace(/^#\/?/, '').split('?', 2)
  const [page, ...rest] = path.split('/')
  return { page: page || 'tasks', id: decode(rest.join('/')), query: new URLSearchParams(query ?? '') }
}

/** @param {string} text */
function decode(text) {
  try { return decodeURIComponent(text) } catch { return text }
}

/** @param {string} page @param {string} [id] @param {Record<string, string | null | undefined>} [query] */
export function link(page, id = '', query = {}) {
  const given = Object.entries(query).filter(([, value]) => value)
  const search = new URLSearchParams(/** @type {[string, string][]} */ (given)).toString()
  return `#/${page}${id ? `/${encodeURIComponent(id)}` : ''}${search ? `?${search}` : ''}`
}

/** @param {string} target a link */
export function go(target) {
  if (location.hash === target) window.dispatchEvent(new HashChangeEvent('hashchange'))
  else location.hash = target
}

/**
 * Changes the URL without another step in the history.
 * @param {string} target a link
 */
export function replace(target) { history.replaceState(history.state, '', target) }
