internal import Synchronization

/// A memory where a receiver of a head keeps what it derived from the head alone, such as the digest of a
/// secret in it, as long as the client repeats the head.
///
/// What may change between two requests, such as whether a secret is valid, must not be kept here.
package struct HeadMemory: Sendable {
    private final class Storage: Sendable {
        let derived = Mutex<(any AnyObject & Sendable)?>(nil)
    }

    private let storage: Storage?

    /// The memory of a head that is not a repetition: it keeps nothing.
    static let none = HeadMemory(storage: nil)

    /// Makes a memory that every repetition of one head shares.
    static func shared() -> HeadMemory { HeadMemory(storage: Storage()) }

    private init(storage: Storage?) { self.storage = storage }

    /// What was derived; `nil` if nothing is kept.
    package var derived: (any AnyObject & Sendable)? { storage?.derived.withLock(\.self) }

    /// Keeps what was derived, if the head is a repetition.
    package func keep(_ derived: any AnyObject & Sendable) { storage?.derived.withLock { $0 = derived } }
}

extension HeadMemory: Equatable {
    /// Always equal: what a receiver derived is no part of a head.
    package static func == (left: HeadMemory, right: HeadMemory) -> Bool { true }
}
