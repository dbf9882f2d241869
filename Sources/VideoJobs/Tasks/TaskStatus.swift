/// The status of a task in the provider's terms; the contract's `status`.
package enum TaskStatus: String, CaseIterable, Sendable {
    case pending, processing, completed, failed, cancelled
}
