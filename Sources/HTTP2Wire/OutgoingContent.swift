/// A source of response content that is not in memory: read piece by piece as the client's windows allow.
package protocol OutgoingContent: AnyObject {
    /// Bytes not read yet.
    var remaining: Int { get }

    /// Appends exactly the next `count` bytes. Returns whether that was possible.
    func read(_ count: Int, into out: inout [UInt8]) -> Bool
}
