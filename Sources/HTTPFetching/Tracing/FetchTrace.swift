/// The part that a request takes in the current trace.
package struct FetchTrace: Equatable, Sendable {
    /// A stable word for the purpose of the request, part of its span's name.
    package var operation: String
    /// Whether the receiver gets what other systems know of the trace (`tracestate`).
    package var sendsState = true
    /// Whether the span has the URL's path. The links and callbacks of others may have a secret in it.
    package var showsPath = false

    package static let create = FetchTrace(operation: "create", showsPath: true)
    package static let poll = FetchTrace(operation: "poll", showsPath: true)
    /// A result link leads to a host that the provider has chosen: it gets `traceparent` only, a random id.
    package static let fetch = FetchTrace(operation: "fetch", sendsState: false)
    package static let webhook = FetchTrace(operation: "webhook")
}
