import Gateway
import HTTPFetching
import Transport

/// The words for what can go wrong with a copy: never with a link, which may hold a signature.
enum ArchiveFaults {
    /// The one place where what was thrown becomes an `ArchiveFailure`.
    static func failure(_ error: any Error) -> ArchiveFailure {
        switch error {
        case let failure as ArchiveFailure: failure
        case let failure as SystemFailure: disk("\(failure)")
        default: disk("\(type(of: error))")
        }
    }

    private static func disk(_ words: String) -> ArchiveFailure {
        .disk(words: "the archive's disk failed (\(words)); free some space or let this user write there")
    }

    static func tooLarge(_ bytesMax: Int64) -> ArchiveFailure {
        .tooLarge(words: "the video is larger than the archive may be (\(bytesMax) bytes)")
    }

    /// What an answer's status says about its link; `nil` for 200.
    ///
    /// - Parameter retryAfter: how long the answer asks to wait.
    static func refusal(_ status: Int, retryAfter: Duration? = nil) -> ArchiveFailure? {
        switch status {
        case 200, 203: nil
        case 401, 403, 404, 410: .gone(words: "the result link is dead: it answered \(status)")
        default: .transfer(words: "the result link answered \(status)", retryAfter: retryAfter)
        }
    }

    static func transfer(_ failure: FetchFailure, bytesMax: Int64) -> ArchiveFailure {
        if let status = failure.status, status >= 400, let refusal = refusal(status) { return refusal }
        return switch failure.stage {
        case .tooLarge: tooLarge(bytesMax)
        case .cancelled: .transfer(words: "the download was stopped")
        case .beforeSending, .afterSending, .stoppedBySink:
            .transfer(words: "the download failed: \(failure.words)")
        }
    }
}
