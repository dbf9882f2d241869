import Gateway

/// The case of a store error, without its message.
enum StoreErrorKind: Equatable { case none, locked, readOnly, full, newer, damaged, unavailable, oneTask }

/// Returns the kind of the error that an operation throws.
func kind(_ body: () async throws(StoreError) -> Void) async -> StoreErrorKind {
    do throws(StoreError) {
        try await body()
        return .none
    } catch {
        return switch error {
        case .locked: .locked
        case .readOnly: .readOnly
        case .full: .full
        case .newer: .newer
        case .damaged: .damaged
        case .unavailable: .unavailable
        case .oneTask: .oneTask
        }
    }
}
