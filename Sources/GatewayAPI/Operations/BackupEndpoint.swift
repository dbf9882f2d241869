import Gateway
import GatewayProtocol
import HTTPServing
import JSONText
import VideoJobs

/// `POST /v1/backups`: records in the audit that the command `backup` begins, which copies the store itself.
struct BackupEndpoint: Sendable {
    let services: APIServices

    /// The most bytes of a file's path, as in the kernel.
    static let pathMax = 4_096

    func respond(to request: RouteRequest) async throws -> HTTPResponse {
        let identity = try await services.gateway.recordBackup(
            to: try Self.file(request), for: request.caller)
        var writer = JSONWriter(reserving: 128)
        writer.beginObject()
        writer.member(BackupMember.object.rawValue, "backup")
        writer.member(BackupMember.store.rawValue, identity.id)
        writer.member(BackupMember.sequence.rawValue, identity.sequence)
        writer.endObject()
        return .json(writer.bytes)
    }

    private static func file(_ request: RouteRequest) throws(Problem) -> String {
        let value = try JSONBody.parse(request)
        let names = value.object?.members.map(\.name) ?? []
        if names.count == 1, let file = value[BackupMember.file.rawValue]?.string,
            (1...pathMax).contains(file.utf8.count)
        {
            return file
        }
        let name = BackupMember.file.rawValue
        let message = "the body must be {\"\(name)\":\"…\"} with the path of the backup"
        throw Problem(.invalidParameters, message)
            .adding(RequestIssue(.pointer("/\(name)"), .notAllowed, message))
    }
}
