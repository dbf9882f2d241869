package import VideoJobs

/// What the archive holds, for operators.
package struct ArchiveOverview: Equatable, Sendable {
    /// Of all results that the gateway keeps.
    package var bytes: Int64
    /// Of the archive's disk; `nil` if it is unknown.
    package var freeBytes: Int64?
    /// The limit of `bytes`; `nil` for none.
    package var maxBytes: Int64?
    /// Tasks whose videos expire first, earliest first.
    package var nextToExpire: [TaskRecord]
}

extension VideoGateway {
    /// Returns an overview of the archive.
    ///
    /// - Parameter limit: of the tasks that expire next.
    package func archiveOverview(limit: Int) async throws(GatewayError) -> ArchiveOverview {
        let ports = services.ports
        var overview = try await services.storeHealth.throwingGatewayError { () throws(StoreError) in
            ArchiveOverview(
                bytes: try await ports.store.contentBytes(),
                nextToExpire: try await ports.store.tasksWithContent(
                    ContentQuery(.expiry(by: nil), limit: limit)))
        }
        overview.freeBytes = await ports.archive.freeBytes()
        overview.maxBytes = services.settings.archiveBytesMax
        return overview
    }
}
