// @ts-check
/** The states of a task, in the order of its life. */
export const STATES = ['queued', 'sending', 'running', 'archiving', 'completed', 'failed', 'uncertain', 'cancelled']
/** States that do not change any more by themselves. */
export const ENDED = new Set(['completed', 'failed', 'cancelled'])

/** @param {string} name */
export function label(name) {
  const text = name.replaceAll('_', ' ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/**
 * Micro-dollars as dollars, exactly: $2.56, $0.001234.
 * @param {number | null | undefined} micro
 */
export function dollars(micro) {
  if (micro === null || micro === undefined) return '–'
  const sign = micro < 0 ? '−' : ''
  const amount = BigInt(Math.abs(micro))
  const whole = String(amount / 1000000n).replace(/\B(?=(\d{3})+$)/g, ',')
  const part = String(amount % 1000000n).padStart(6, '0').replace(/0{1,4}$/, '')
  return `${sign}$${whole}.${part}`
}

/** @param {number | null | undefined} count */
export function bytes(count) {
  if (count === null || count === undefined) return '–'
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB']
  let unit = 0
  while (count >= 1024 && unit < units.length - 1) { count /= 1024; unit += 1 }
  return `${unit === 0 || count >= 100 ? Math.round(count) : count.toFixed(1)} ${units[unit]}`
}

/**
 * How long ago a time was, briefly.
 * @param {number} seconds since 1970 @param {number} [now]
 */
export function ago(seconds, now = Date.now() / 1000) {
  const past = now - seconds
  return past < 0 ? `in ${span(-past)}` : past < 5 ? 'just now' : `${span(past)} ago`
}

/**
 * A length of time in one unit.
 * @param {number} seconds
 */
export function span(seconds) {
  if (seconds < 60) return `${Math.round(seconds)} s`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`
  if (seconds < 48 * 3600) return `${Math.floor(seconds / 3600)} h`
  return `${Math.floor(seconds / 86400)} d`
}

/**
 * A length of time with a fraction, for steps of a history.
 * @param {number} seconds
 */
export function precise(seconds) {
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 2 : 1)} s`
  const minutes = Math.floor(seconds / 60)
  return minutes < 60 ? `${minutes} min ${Math.floor(seconds % 60)} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

const MOMENT = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' })

/** @param {number} seconds since 1970 */
export function moment(seconds) { return MOMENT.format(new Date(seconds * 1000)) }

/** @param {number} count @param {string} noun @param {string} [plural] */
export function counted(count, noun, plural = `${noun}s`) {
  return `${count.toLocaleString('en-US')} ${count === 1 ? noun : plural}`
}
