/// A notice that an event causes: stored with the event, or not at all.
package struct NewNotice: Equatable, Sendable {
    /// The most receivers of one event.
    package static let perEventMax = 16
    /// How long a store keeps it at least once it has ended.
    package static let kept: Duration = .seconds(30 * 86_400)

    package var target: NoticeTarget
    /// Stays the same for every attempt.
    package var body: [UInt8]

    package init(_ target: NoticeTarget, body: [UInt8]) {
        self.target = target
        self.body = body
    }
}
