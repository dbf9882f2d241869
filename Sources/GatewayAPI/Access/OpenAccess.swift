import Synchronization

/// Whether callers without a token are permitted now. Streams and waits that began without one end with it.
package final class OpenAccess: Sendable {
    private let state: Atomic<Bool>

    package init(isPermitted: Bool = true) { state = Atomic(isPermitted) }

    package var isPermitted: Bool {
        get { state.load(ordering: .acquiring) }
        set { state.store(newValue, ordering: .releasing) }
    }
}
