import Gateway
import HTTPFetching
import Synchronization

@testable import ArchiveFiles

/// Downloads that end as a test wants them to.
final class ScriptedDownload: Sendable {
    /// One answer: the pieces come first, as over a network.
    struct Answer: Sendable {
        var pieces: [[UInt8]] = []
        var outcome: FetchOutcome
        /// Runs before the first piece.
        var before: @Sendable () -> Void = {}

        static func video(_ bytes: [UInt8], length: Int? = nil, piece: Int = 777) -> Answer {
            let pieces = stride(from: 0, to: bytes.count, by: piece).map {
                Array(bytes[$0..<min($0 + piece, bytes.count)])
            }
            let fields = [("content-type", "text/html"), ("content-length", "\(length ?? bytes.count)")]
            let response = FetchResponse(status: 200, fields: fields.map { (name: $0.0, value: $0.1) })
            return Answer(pieces: pieces, outcome: .answered(response))
        }

        static func status(_ status: Int) -> Answer {
            Answer(outcome: .answered(FetchResponse(status: status)))
        }

        static func failure(_ stage: FetchError.Stage, after pieces: [[UInt8]] = []) -> Answer {
            let failure = FetchError(stage: stage, message: "libcurl 18: transfer closed", status: 200)
            return Answer(pieces: pieces, outcome: .failed(failure))
        }
    }

    private let answers: Mutex<[Answer]>
    private let asked = Mutex<[FetchRequest]>([])

    init(_ answers: Answer...) { self.answers = Mutex(answers) }
    init(_ answers: [Answer]) { self.answers = Mutex(answers) }

    var requests: [FetchRequest] { asked.withLock { $0 } }

    func run(_ request: FetchRequest, _ sink: @Sendable ([UInt8]) throws -> Void) -> FetchOutcome {
        asked.withLock { $0.append(request) }
        let answer = answers.withLock { $0.removeFirst() }
        answer.before()
        do {
            for piece in answer.pieces { try sink(piece) }
        } catch {
            return .failed(FetchError(stage: .stoppedBySink, message: "the receiver refused", status: 200))
        }
        return answer.outcome
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
    /// Limits that no test comes near.
    static let roomy = with(bytesMax: 1 << 30)

    static func with(bytesMax: Int64, verify: Bool = true, reserve: Int64 = 0) -> ArchiveSettings {
        var settings = ArchiveSettings(bytesMax: bytesMax, verify: verify)
        settings.reserve = reserve
        return settings
    }
}

/// The case of a failure, without its words.
enum FailureKind: Equatable { case gone, transfer, notVideo, disk, tooLarge, unavailable }

extension ArchiveError {
    var kind: FailureKind {
        switch self {
        case .gone: .gone
        case .transfer: .transfer
        case .notVideo: .notVideo
        case .disk: .disk
        case .tooLarge: .tooLarge
        case .unavailable: .unavailable
        }
    }
}

extension FileResultArchive {
    /// What copying fails with.
    func failure(copying link: String, as place: ArtifactID = ExampleVideo.place) async -> ArchiveError? {
        do throws(ArchiveError) {
            _ = try await copy(link, as: place)
            return nil
        } catch {
            return error
        }
    }
}
