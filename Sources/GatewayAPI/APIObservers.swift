package import Gateway

/// The parts of the API that follow the changes of a gateway's tasks, made before the gateway.
package struct APIObservers: Sendable {
    let responses: TaskResponseCache
    let events = EventHub()

    package init(publicURL: String) { responses = TaskResponseCache(publicURL: publicURL) }

    /// Event streams that are open.
    package var streamCount: Int { events.streamCount }

    /// The observers in the order in which they receive a change.
    package var all: [any TaskObserver] { [responses, events] }
}
