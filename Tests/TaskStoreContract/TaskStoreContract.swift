package import Gateway

/// The requirements of every task store, as checks for a parameterised test. Each check needs a new store.
///
/// Throws instead of using a test library, so that it can be an ordinary target.
package enum TaskStoreContract {
    /// One requirement of a store.
    package struct Check: Sendable, CustomStringConvertible {
        package let name: String
        package let run: @Sendable (any TaskStore) async throws -> Void

        init(_ name: String, _ run: @escaping @Sendable (any TaskStore) async throws -> Void) {
            self.name = name
            self.run = run
        }

        package var description: String { name }
    }

    package static let checks =
        admissionChecks + saveChecks + readingChecks + listingChecks + raceChecks + identityChecks
        + limitChecks + resubmissionChecks + feedChecks + deliveryChecks + outboxChecks + claimChecks
}
