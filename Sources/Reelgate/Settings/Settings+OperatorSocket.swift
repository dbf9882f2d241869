extension Settings {
    /// The path of the operator socket, beside the store; `nil` if there is none.
    var operatorSocketPath: String? {
        guard access.operatorSocket else { return nil }
        let name = "operator.sock"
        let path = store.sqlite
        guard let end = path.lastIndex(of: "/") else { return name }
        // A path that begins with "@" would be a name without a file.
        return (path.hasPrefix("@") ? "./" : "") + path[...end] + name
    }
}
