import Gateway

/// The requirements of every task store, as checks for a parameterised test. Each check needs a new store.
///
/// Throws instead of using a test library, so that it can be an ordinary target.
package enum TaskStoreContract {
    package typealias Check = StoreCheck

    package static let checks =
        admissionChecks + saveChecks + readingChecks + listingChecks + raceChecks + identityChecks
        + limitChecks + resubmissionChecks + feedChecks + deliveryChecks + outboxChecks + claimChecks
        + contentChecks
}
