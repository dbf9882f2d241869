import JSONText

/// One model of the catalog.
package struct ModelEntry: Equatable, Sendable {
    /// The gateway's ID, which clients use.
    package var id: String
    /// The provider's ID if it differs from `id`.
    package var providerID: String?
    package var title: String?
    package var description: String?
    /// The kind of generation: `reference-to-video`, `text-to-video` and so on.
    package var mode: String
    /// The usual duration of a job.
    package var estimatedSeconds: Int?
    package var prices: [ModelPrice]
    /// Whether an operator has compared the prices with those of the account.
    package var pricesConfirmed = false
    /// The parameters of a job other than `model`, in the order of the catalog.
    package var parameters: [JobParameter]
    package var conditionalRules: [ConditionalRule]
    package var lifecycle = ModelLifecycle()
    package var onMissing = MissingModelPolicy.warn
    /// Whether the provider lists its models, but not this one. Found out at run time.
    package internal(set) var isMissing = false

    /// Returns the parameter with this name.
    package func parameter(_ name: String) -> JobParameter? {
        parameters.first { $0.name.isIdentical(to: name) }
    }
}
