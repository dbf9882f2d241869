import HTTPFetching

/// What the operator sets of webhooks.
package struct WebhookSettings: Equatable, Sendable {
    /// Secrets at once, for a rotation.
    package static let secretsMax = 2

    package var allow: [WebhookDestination]
    /// Each signs every message; none means that no webhook is sent.
    package var secrets: [WebhookSecret]

    package init(allow: [WebhookDestination] = [], secrets: [WebhookSecret] = []) {
        self.allow = allow
        self.secrets = secrets
    }

    /// The allowed blocks of addresses.
    var blocks: [AddressBlock] {
        allow.compactMap { if case .addresses(let block) = $0 { block } else { nil } }
    }

    /// Returns the guard of connections to a host, for after its name was resolved.
    func addressGuard(forHost host: String) -> AddressGuard {
        isListed(host) ? AddressGuard(allowsPrivate: true) : AddressGuard(only: blocks)
    }

    /// Whether a host is allowed by its name.
    func isListed(_ host: String) -> Bool { allow.contains(.host(host.trimmingFinalDot)) }
}

extension String {
    /// A host name without the dot that ends a fully qualified one.
    fileprivate var trimmingFinalDot: String { hasSuffix(".") ? String(dropLast()) : self }
}
