import Gateway
import HTTPFetching
import Transport

/// The words for what can go wrong with a copy: never with a link, which may hold a signature.
enum ArchiveErrorMapper {
    /// The one place where what was thrown becomes an `ArchiveError`.
    static func failure(_ error: any Error) -> ArchiveError {
        switch error {
        case let failure as ArchiveError: failure
        case let failure as SystemError: disk("\(failure)")
        default: disk("\(type(of: error))")
        }
    }

    private static func disk(_ message: String) -> ArchiveError {
        .disk(message: "the archive's disk failed (\(message)); free some space or let this user write there")
    }

    static func tooLarge(_ bytesMax: Int64) -> ArchiveError {
        .tooLarge(message: "the video is larger than the archive may be (\(bytesMax) bytes)")
    }

    /// What an answer's status says about its link; `nil` for 200.
    ///
    /// - Parameter retryAfter: how long the answer asks to wait.
    static func refusal(_ status: Int, retryAfter: Duration? = nil) -> ArchiveError? {
        switch status {
        case 200, 203: nil
        case 401, 403, 404, 410: .gone(message: "the result link is dead: it answered \(status)")
        default: .transfer(message: "the result link answered \(status)", retryAfter: retryAfter)
        }
    }

    static func transfer(_ failure: FetchError, bytesMax: Int64) -> ArchiveError {
        if let status = failure.status, status >= 400, let refusal = refusal(status) { return refusal }
        return switch failure.stage {
        case .tooLarge: tooLarge(bytesMax)
        case .cancelled: .transfer(message: "the download was stopped")
        case .beforeSending, .afterSending, .stoppedBySink:
            .transfer(message: "the download failed: \(failure.message)")
        }
    }
}
