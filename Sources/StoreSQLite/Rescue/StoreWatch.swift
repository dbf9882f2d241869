import Gateway
import Glibc

/// The store's files as they were opened, to detect that they were moved, replaced or deleted.
///
/// SQLite continues to write into such files, and those writes would be lost.
final class StoreWatch: Sendable {
    /// The location of a file compared with when it was opened.
    enum Placement: Equatable {
        case inPlace
        /// The file exists, but not at its path: it can be moved back.
        case moved(String)
        /// Another file is at the path.
        case replaced(String)
        /// The file has no name left: only open descriptors have its content.
        case deleted(String)
    }

    /// A descriptor with `O_PATH`. Unlike any other, closing it releases none of SQLite's locks.
    private struct WatchedFile {
        let path: String
        let descriptor: CInt
        let node: StoreFiles.Node
    }

    /// The database first.
    private let files: [WatchedFile]

    /// Opens descriptors of the files that SQLite has open now.
    init(_ store: StoreFiles) throws(StoreError) {
        var files: [WatchedFile] = []
        for path in [store.path, store.writeAheadLogPath, store.sharedMemoryPath] {
            let descriptor = unsafe open(path, __O_PATH | O_CLOEXEC)
            guard descriptor >= 0, let status = Self.status(descriptor) else {
                let failed = StoreFiles.failure("look at", path)
                for other in files { close(other.descriptor) }
                throw failed
            }
            files.append(WatchedFile(path: path, descriptor: descriptor, node: StoreFiles.Node(status)))
        }
        self.files = files
    }

    deinit { for file in files { close(file.descriptor) } }

    /// The database file as it was opened.
    var database: StoreFiles.Node? { files.first?.node }

    /// Checks all files. Returns first what no rescue repairs.
    func inspect() -> Placement {
        var deleted: Placement?
        for file in files {
            switch Self.inspect(at: file) {
            case .inPlace: break
            case .deleted(let path): deleted = deleted ?? .deleted(path)
            case .moved(let path): return .moved(path)
            case .replaced(let path): return .replaced(path)
            }
        }
        return deleted ?? .inPlace
    }

    private static func inspect(at file: WatchedFile) -> Placement {
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
