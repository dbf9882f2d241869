/// Events that a registration waits for (EPOLLIN, EPOLLOUT). Empty: only errors and hang-ups.
package struct Interest: OptionSet, Sendable {
    package let rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }
    package static let read = Interest(rawValue: 1)
    package static let write = Interest(rawValue: 4)
    /// The peer shuts down its sending direction (EPOLLRDHUP); reported without a read.
    package static let peerEnd = Interest(rawValue: 0x2000)
    /// Edge-triggered (EPOLLET).
    static let edges = Interest(rawValue: 1 << 31)
}
