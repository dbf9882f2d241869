/// Why a store could not do its work. Each says what to do, in words without secrets.
package enum StoreError: Error, Equatable, Sendable {
    /// Another gateway holds the store.
    case locked(String)
    case readOnly(String)
    case full(String)
    /// Written by a newer version of Reelgate.
    case newer(String)
    /// Damaged, or not a store of ours.
    case damaged(String)
    case unavailable(String)
    /// Only this change is at fault: the store as a whole works.
    case oneTask(String)
}

extension StoreError {
    /// What is wrong and what to do, for a person.
    package var message: String {
        switch self {
        case .locked(let message), .readOnly(let message), .full(let message), .newer(let message),
            .damaged(let message), .unavailable(let message), .oneTask(let message):
            message
        }
    }
}
