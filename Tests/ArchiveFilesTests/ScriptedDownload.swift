import Gateway
import HTTPFetching
import Synchronization

@testable import ArchiveFiles

/// A downloader whose responses a test scripts.
final class ScriptedDownload: Sendable {
    /// One response: its pieces arrive before its outcome, as over a network.
    struct Response: Sendable {
        var pieces: [[UInt8]] = []
        var outcome: FetchOutcome
        /// The head that comes before the first piece; otherwise that of a successful outcome.
        var head: FetchResponse?
        /// Runs before the first piece.
        var before: @Sendable () -> Void = {}

        static func video(_ bytes: [UInt8], length: Int? = nil, piece: Int = 777) -> Response {
            let pieces = stride(from: 0, to: bytes.count, by: piece).map {
                Array(bytes[$0..<min($0 + piece, bytes.count)])
            }
            let fields = [("content-type", "text/html"), ("content-length", "\(length ?? bytes.count)")]
            let response = FetchResponse(status: 200, fields: fields.map { (name: $0.0, value: $0.1) })
            return Response(pieces: pieces, outcome: .completed(response))
        }

        var firstHead: FetchResponse? {
            if let head { return head }
            guard case .completed(let response) = outcome, (200...299).contains(response.status) else {
                return nil
            }
            return response
        }

        static func status(_ status: Int) -> Response {
            Response(outcome: .completed(FetchResponse(status: status)))
        }

        static func failure(_ stage: FetchError.Stage, after pieces: [[UInt8]] = []) -> Response {
            let failure = FetchError(stage: stage, message: "libcurl 18: transfer closed", status: 200)
            return Response(pieces: pieces, outcome: .failed(failure))
        }
    }

    private let responses: Mutex<[Response]>
    private let received = Mutex<[FetchRequest]>([])

    init(_ responses: Response...) { self.responses = Mutex(responses) }
    init(_ responses: [Response]) { self.responses = Mutex(responses) }

    var requests: [FetchRequest] { received.withLock { $0 } }

    func run(_ request: FetchRequest, _ sink: DownloadSink) -> FetchOutcome {
        received.withLock { $0.append(request) }
        let response = responses.withLock { $0.removeFirst() }
        response.before()
        do {
            if !response.pieces.isEmpty, let head = response.firstHead { try sink.begin(head) }
            for piece in response.pieces { try sink.append(piece) }
        } catch {
            return .failed(FetchError(stage: .stoppedBySink, message: "the receiver refused", status: 200))
        }
        return response.outcome
    }

    func archive(
        in folder: String, _ settings: ArchiveSettings = .roomy
    ) throws(ArchiveError) -> FileResultArchive {
        let archive = FileResultArchive(directory: folder, settings: settings) { request, sink in
            self.run(request, sink)
        }
        try archive.makeFolder()
        do { _ = try archive.joinFolder(recorded: nil, knowing: []) } catch {
            throw ArchiveErrorMapper.failure(error)
        }
        return archive
    }
}

extension ArchiveSettings {
    /// Limits that no test reaches.
    static let roomy = with(bytesMax: 1 << 30)

    static func with(bytesMax: Int64, verify: Bool = true, reserve: Int64 = 0) -> ArchiveSettings {
        var settings = ArchiveSettings(bytesMax: bytesMax, verify: verify)
        settings.reserve = reserve
        return settings
    }
}

extension FileResultArchive {
    /// Returns the error with which copying fails; `nil` if it succeeds.
    func failure(copying link: String, as artifact: ArtifactID = ExampleVideo.artifact) async -> ArchiveError?
    {
        do throws(ArchiveError) {
            _ = try await copy(link, as: artifact)
            return nil
        } catch {
            return error
        }
    }
}
