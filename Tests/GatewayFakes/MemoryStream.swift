package import Gateway
import Synchronization

/// Archived content in memory, delivered in small pieces.
package final class MemoryStream: ArchivedStream {
    package let bytes: Int64
    private let content: Mutex<ArraySlice<UInt8>>
    private let failure: ArchiveError?
    private let piece: Int

    /// - Parameters:
    ///   - length: the length that is stated, if not that of the content.
    ///   - failure: thrown instead of the end.
    package init(
        _ content: [UInt8], length: Int64? = nil, failure: ArchiveError? = nil, piece: Int = 300
    ) {
        bytes = length ?? Int64(content.count)
        self.content = Mutex(content[...])
        self.failure = failure
        self.piece = piece
    }

    package func read(upTo limit: Int) async throws(ArchiveError) -> [UInt8]? {
        let next = content.withLock { rest in
            defer { rest = rest.dropFirst(min(limit, piece)) }
            return Array(rest.prefix(min(limit, piece)))
        }
        if !next.isEmpty { return next }
        if let failure { throw failure }
        return nil
    }
}
