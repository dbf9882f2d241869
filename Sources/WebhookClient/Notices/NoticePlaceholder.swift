/// What a template of notices may name between double braces.
package enum NoticePlaceholder: String, CaseIterable, Sendable {
    case id, model, state, prompt, duration, price, url, error, client
    /// The whole notice in a few lines, as the presets send it.
    case text
}
