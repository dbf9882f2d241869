import Gateway
import GatewayProtocol

extension RouteList {
    static func backups(_ services: APIServices) -> Route {
        Route(
            method: "POST", path: GatewayPath.backups, link: nil,
            summary: "records that `reelgate backup` begins to copy the store to a file on its machine",
            access: .operator, action: .backup, body: .json,
            responses: RouteResponses(
                problems: [.malformedJSON, .unsupportedMediaType, .invalidParameters]),
            operation: APIOperation(
                "recordBackup", .operations, body: .backup, content: [.json(.recordedBackup)]),
            handler: .asynchronous(BackupEndpoint(services: services).respond))
    }
}
