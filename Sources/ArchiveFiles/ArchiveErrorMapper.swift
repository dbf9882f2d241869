import Gateway
import HTTPFetching
import Transport

/// Maps errors of downloads and files to `ArchiveError`. No message has a link, which may hold a signature.
enum ArchiveErrorMapper {
    /// Returns any thrown error as an `ArchiveError`.
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
        .tooLarge(
            message: """
                the video is larger than archive.max_bytes, \(bytesMax) bytes; raise it and restart the \
                gateway before the provider deletes the video
                """)
    }

    /// Returns the error that a response's status stands for.
    ///
    /// - Parameter retryAfter: the wait that the response asks for.
    static func statusError(_ status: Int, retryAfter: Duration? = nil) -> ArchiveError {
        switch status {
        case 401, 403, 404, 410: .gone(message: "the result link is dead: it responded \(status)")
        default: .transfer(message: "the result link responded \(status)", retryAfter: retryAfter)
        }
    }

    static func transfer(_ failure: FetchError, bytesMax: Int64) -> ArchiveError {
        if let status = failure.status, status >= 400 { return statusError(status) }
        return switch failure.stage {
        case .tooLarge: tooLarge(bytesMax)
        case .cancelled: .transfer(message: "the download was stopped")
        case .beforeSending, .afterSending, .stoppedBySink:
            .transfer(message: "the download failed: \(failure.message)")
        }
    }
}
