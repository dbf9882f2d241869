import Gateway
import GatewayProtocol

// The routes of webhooks.
extension RouteList {
    static func deliveries(_ services: APIServices) -> [Route] {
        let endpoint = DeliveriesEndpoint(services: services)
        return [
            Route(
                method: "GET", path: GatewayPath.deliveries, link: "deliveries",
                summary: "the webhooks and notices of a task, with every attempt: when, status, duration",
                responses: RouteResponses(problems: [.notFound]),
                operation: APIOperation(
                    "listDeliveries", .webhooks, content: [.json(.deliveryList)]),
                handler: .asynchronous(endpoint.list)),
            Route(
                method: "POST", path: GatewayPath.redelivery, link: "redeliver",
                summary: "sends the last webhook of a task again, at once", action: .redeliver,
                body: .optionalJSON,
                responses: RouteResponses(problems: [.notFound, .notReady, .unsupportedMediaType]),
                operation: APIOperation("redeliver", .webhooks, content: [.json(.deliveryList)]),
                handler: .asynchronous(endpoint.redeliver)),
        ]
    }
}
