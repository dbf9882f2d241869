/// Events that a descriptor is ready for.
package struct Readiness: OptionSet, Sendable {
    package let rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }
    package static let read = Readiness(rawValue: 1)
    package static let write = Readiness(rawValue: 4)
    /// The peer has shut down its sending direction (EPOLLRDHUP).
    package static let peerEnd = Readiness(rawValue: 0x2000)
    /// An error, or a hang-up of both directions (EPOLLERR, EPOLLHUP).
    package static let broken = Readiness(rawValue: 0x18)
}
