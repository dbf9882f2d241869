package import Gateway

/// What any store must do, as named checks that a parameterised test runs one by one, each on a fresh store.
///
/// Throws instead of using a test library, so that it can be an ordinary target.
package enum TaskStoreContract {
    /// One promise of a store.
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
        + feedChecks + outboxChecks + claimChecks
}

/// A broken promise, with what was expected.
package struct ContractViolation: Error, CustomStringConvertible {
    package let description: String
}

/// Throws unless two values are the same.
func expect<Value: Equatable>(_ found: Value, is expected: Value, _ what: String) throws {
    guard found == expected else {
        throw ContractViolation(description: "\(what): expected \(expected), found \(found)")
    }
}

/// Throws unless the store fails.
func expectFailure(_ what: String, _ body: () async throws(StoreError) -> Void) async throws {
    do throws(StoreError) {
        try await body()
    } catch {
        return
    }
    throw ContractViolation(description: "\(what): expected a failure")
}
