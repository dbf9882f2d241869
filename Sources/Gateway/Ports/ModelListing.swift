/// What a provider says about its models.
package enum ModelListing: Equatable, Sendable {
    /// The names of all its models.
    case listed(Set<String>)
    /// The provider has no list that can be read, so nothing is known of its models.
    case unsupported(message: String)
    /// The provider rejects the key.
    case rejected(message: String)
    /// The provider does not respond now.
    case unavailable(message: String)
}
