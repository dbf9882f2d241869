/// An error of a task store. Each message says what to do and contains no secrets.
package enum StoreError: Error, Equatable, Sendable {
    /// Another gateway holds the store.
    case locked(String)
    case readOnly(String)
    case full(String)
    /// Written by a newer version of Reelgate.
    case newer(String)
    /// Damaged, or not a store of Reelgate.
    case damaged(String)
    case unavailable(String)
    /// An error of this change only: the store works.
    case oneTask(String)
}

extension StoreError {
    /// The cause and what to do, for an operator.
    package var message: String {
        switch self {
        case .locked(let message), .readOnly(let message), .full(let message), .newer(let message),
            .damaged(let message), .unavailable(let message), .oneTask(let message):
            message
        }
    }
}
