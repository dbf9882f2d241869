import Gateway
import Glibc

/// The store's files as they were opened, to detect that they were moved, replaced or deleted.
///
/// SQLite goes on writing into such files, and those writes would be lost.
final class StoreWatch: Sendable {
    /// Where the files are now.
    enum Finding: Equatable {
        case inPlace
        /// The file exists, but not at its path: it can be put back.
        case moved(String)
        /// Another file is at the path.
        case replaced(String)
        /// The file has no name left anywhere: what it holds is in our descriptors alone.
        case deleted(String)
    }

    /// A descriptor with `O_PATH`. Unlike any other, closing it releases none of SQLite's locks.
    private struct Held {
        let path: String
        let descriptor: CInt
        let node: StoreFiles.Node
    }

    /// The database first.
    private let held: [Held]

    /// Opens descriptors of the files that SQLite has open now.
    init(_ files: StoreFiles) throws(StoreError) {
        var held: [Held] = []
        for path in [files.path, files.writeAheadLogPath, files.sharedMemoryPath] {
            let descriptor = unsafe open(path, __O_PATH | O_CLOEXEC)
            guard descriptor >= 0, let status = Self.status(descriptor) else {
                let failed = StoreFiles.failure("look at", path)
                for other in held { close(other.descriptor) }
                throw failed
            }
            held.append(Held(path: path, descriptor: descriptor, node: StoreFiles.Node(status)))
        }
        self.held = held
    }

    deinit { for file in held { close(file.descriptor) } }

    /// The database file as it was opened.
    var database: StoreFiles.Node? { held.first?.node }

    /// Checks all files. Findings that no rescue repairs come first.
    func inspect() -> Finding {
        var deleted: Finding?
        for file in held {
            switch Self.inspect(at: file) {
            case .inPlace: break
            case .deleted(let path): deleted = deleted ?? .deleted(path)
            case .moved(let path): return .moved(path)
            case .replaced(let path): return .replaced(path)
            }
        }
        return deleted ?? .inPlace
    }

    private static func inspect(at file: Held) -> Finding {
        if let node = StoreFiles.node(file.path) {
            return node == file.node ? .inPlace : .replaced(file.path)
        }
        return status(file.descriptor)?.st_nlink == 0 ? .deleted(file.path) : .moved(file.path)
    }

    private static func status(_ descriptor: CInt) -> stat? {
        var status = stat()
        return unsafe fstat(descriptor, &status) == 0 ? status : nil
    }
}
