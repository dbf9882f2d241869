/// Wakes the connection that reads a `BodySource`. May be used from any thread, and after the end.
package struct BodyWakeup: Sendable {
    let bodyID: UInt64
    let queue: BodyWakeupQueue

    /// Has the source read again.
    package func resume() { queue.append(.init(bodyID: bodyID, isAbort: false)) }

    /// Ends the response as incomplete: HTTP/1.1 resets the connection, HTTP/2 the stream.
    package func abort() { queue.append(.init(bodyID: bodyID, isAbort: true)) }
}
