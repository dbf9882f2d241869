import Dashboard
import GatewayProtocol
import HTTPServing
import HTTPWire
import Synchronization

/// The dashboard's page and files. They need no token: they hold nothing of a gateway.
///
/// A class, because the files are read at the first request for one: a gateway whose dashboard is not used
/// has none of them in memory.
final class DashboardPages: Sendable {
    private let sha256: @Sendable ([UInt8]) -> String
    private let read = Mutex<DashboardFiles?>(nil)

    init(_ settings: APISettings) { sha256 = settings.sha256 }

    /// Returns the page that a browser opens. It is revalidated each time, since it names the other files.
    func page(to head: RequestHead) throws(Problem) -> HTTPResponse {
        try response(to: head, files.page, caching: "no-cache")
    }

    /// Returns the file that a request names, which never changes.
    func file(_ request: RouteRequest) throws(Problem) -> HTTPResponse {
        let files = files
        // A page of another version must load itself again, not modules of this one.
        guard request.parameters["version"] == files.version,
            let file = files.file(named: request.parameters["name"])
        else { throw Problem(.notFound, "this version of the dashboard has no such file") }
        return try response(to: request.head, file, caching: "public, max-age=31536000, immutable")
    }

    private var files: DashboardFiles {
        read.withLock { read in
            if let read { return read }
            let files = DashboardFiles(sha256: sha256)
            read = files
            return files
        }
    }

    private func response(
        to head: RequestHead, _ file: DashboardFile, caching: String
    ) throws(Problem) -> HTTPResponse {
        let tag = EntityTag(String(sha256(file.bytes).prefix(Self.tagLength)))
        var fields = HTTPFields()
        fields.append("ETag", tag.text)
        fields.append("Cache-Control", caching)
        switch RequestConditions(head, now: 0).outcome(.init(entityTag: tag)) {
        case .notModified: return HTTPResponse(status: 304, fields: fields)
        case .failed: throw Problem(.preconditionFailed, "If-Match does not name the current file")
        case .proceed: break
        }
        fields.append("Content-Type", file.mediaType)
        fields.append("Content-Security-Policy", Self.policy)
        fields.append("Referrer-Policy", "same-origin")
        fields.append("X-Content-Type-Options", "nosniff")
        return HTTPResponse(status: 200, fields: fields, body: .bytes(file.bytes))
    }

    /// Hexadecimal digits of the SHA-256 in the entity tag.
    private static let tagLength = 32

    /// Nothing inline, nothing from elsewhere, and no text that becomes code (Trusted Types).
    private static let policy = [
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:",
        "media-src 'self'", "connect-src 'self'", "base-uri 'none'", "form-action 'none'",
        "frame-ancestors 'none'", "require-trusted-types-for 'script'", "trusted-types 'none'",
    ].joined(separator: "; ")
}
