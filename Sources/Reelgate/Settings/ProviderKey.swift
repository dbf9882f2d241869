import ProviderClient

/// The provider's key, and its source, from which it can be read again.
struct ProviderKey: Sendable {
    let source: APIKeySource
    let key: APIKey
}
