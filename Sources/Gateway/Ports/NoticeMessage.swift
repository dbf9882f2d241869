package import VideoJobs

/// One attempt of a notice.
package struct NoticeMessage: Equatable, Sendable {
    package var target: NoticeTarget
    package var body: [UInt8]
    /// The time of the attempt.
    package var at: Timestamp

    package init(_ target: NoticeTarget, body: [UInt8], at: Timestamp) {
        self.target = target
        self.body = body
        self.at = at
    }
}
