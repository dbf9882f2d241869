import Gateway
import HTTPServing
import HTTPWire

/// A request as an endpoint receives it: access and route are decided.
struct RouteRequest: Sendable {
    let head: RequestHead
    /// The values of the `{name}` segments of the route's path.
    let parameters: PathParameters
    let context: RequestContext
    /// On whose behalf the gateway is called.
    let caller: Caller
    /// Empty until the body was collected.
    var body: [UInt8] = []

    /// The value of `{id}`; traps if the route's path has none.
    var id: String { parameters["id"] }
}
