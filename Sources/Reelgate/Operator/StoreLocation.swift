import FoundationEssentials
import Glibc

/// Where the store of a configuration is, for a command that opens it itself.
struct StoreLocation: Sendable {
    let path: String

    init(_ configuration: Configuration) { path = configuration.settings.store.sqlite }

    var absolutePath: String { Self.absolute(path) }

    var exists: Bool { FileManager.default.fileExists(atPath: path) }

    /// Returns a path that begins at the root.
    static func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    }

    /// Throws unless there is a store that this user can reach.
    func requireStore() throws(CommandError) {
        try requireAccess()
        guard exists else {
            throw CommandError(
                "no gateway is running here, and there is no store at \(absolutePath)",
                remedy: "Run the command in the folder of the gateway with its --config, or set "
                    + "REELGATE_DATA.")
        }
    }

    /// Throws if another user's folder hides the store and the operator socket from this user.
    func requireAccess() throws(CommandError) {
        var folder = absolutePath[...]
        while let slash = folder.lastIndex(of: "/"), slash > folder.startIndex {
            folder = folder[..<slash]
            guard let owner = FileOwner(of: String(folder)) else { continue }
            if FileManager.default.isExecutableFile(atPath: String(folder)) { return }
            throw CommandError(
                "the folder \(folder) of the store belongs to \(owner), and uid \(geteuid()) may not use it",
                remedy: "Run the command as that user or as root.")
        }
    }
}
