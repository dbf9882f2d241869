extension Settings {
    /// The path of the operator socket, beside the store; `nil` if there is none.
    var operatorSocketPath: String? { access.operatorSocket ? Self.operatorSocketPath(of: store) : nil }

    /// The path of the operator socket of a store, whether or not the settings have one.
    static func operatorSocketPath(of store: Store) -> String {
        let path = store.sqlite
        guard let end = path.lastIndex(of: "/") else { return name }
        // A path that begins with "@" would be a name without a file.
        return (path.hasPrefix("@") ? "./" : "") + path[...end] + name
    }

    private static let name = "operator.sock"
}
