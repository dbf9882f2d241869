package import Gateway

/// One requirement of a store.
package struct StoreCheck: Sendable, CustomStringConvertible {
    package let description: String
    package let run: @Sendable (any GatewayStore) async throws -> Void

    init(_ description: String, _ run: @escaping @Sendable (any GatewayStore) async throws -> Void) {
        self.description = description
        self.run = run
    }
}
