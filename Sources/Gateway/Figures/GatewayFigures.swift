package import VideoJobs

/// What monitoring shows of a gateway, beside what it counts.
package struct GatewayFigures: Equatable, Sendable {
    /// What the store knew when it was last read; `nil` if it never could be.
    package var stored: StoredFigures?
    /// The codes of what keeps jobs from getting through now.
    package var pauses: Set<String>
    /// Bytes of the archive's content.
    package var archiveBytes: Int64
    /// Bytes that the archive's disk has left; `nil` if that is unknown.
    package var archiveFreeBytes: Int64?
    /// How long the first link of a result that is not copied yet lives; `nil` if none is missing.
    package var linkLifetime: Duration?
    /// Whether the provider lacks a model, by the ids of those that are not retired.
    package var modelsMissing: [String: Bool]
    package var now: Timestamp

    package init(
        stored: StoredFigures?, pauses: Set<String>, archiveBytes: Int64, archiveFreeBytes: Int64?,
        linkLifetime: Duration?, modelsMissing: [String: Bool] = [:], now: Timestamp
    ) {
        self.stored = stored
        self.pauses = pauses
        self.archiveBytes = archiveBytes
        self.archiveFreeBytes = archiveFreeBytes
        self.linkLifetime = linkLifetime
        self.modelsMissing = modelsMissing
        self.now = now
    }
}

extension VideoGateway {
    /// Returns the figures for monitoring. Waits for the store a moment only; then its figures are those of
    /// the last time.
    package func figures() async -> GatewayFigures {
        let stored = await figuresReader.stored()
        let now = services.ports.clock.now()
        var pauses = Set(readinessIssues().map(\.code))
        if stored?.isCeilingReached == true { pauses.insert(GatewayFigures.spendCeiling) }
        return GatewayFigures(
            stored: stored, pauses: pauses, archiveBytes: services.space.contentBytes,
            archiveFreeBytes: await services.ports.archive.freeBytes(),
            linkLifetime: services.archives.nextLinkExpiry().map { $0 - now },
            modelsMissing: services.models.missingByID, now: now)
    }
}

extension GatewayFigures {
    /// The code of a spend ceiling of the day that refuses jobs.
    static let spendCeiling = "spend_ceiling"

    /// Every code that `pauses` may contain.
    package static let pauseCodes =
        ["shutting_down", "store_unavailable", "store_restored", "archive_unavailable", spendCeiling]
        + BlockReason.allCases.map(\.rawValue).filter { $0 != BlockReason.archiveUnavailable.rawValue }
}
