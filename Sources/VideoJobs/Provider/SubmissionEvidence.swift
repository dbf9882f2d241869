/// The evidence of a POST whose outcome is unknown: enough to find it in the provider's own records.
package struct SubmissionEvidence: Equatable, Sendable {
    /// The number of the task's attempt, from 1.
    package var attempt: Int
    /// When the attempt began.
    package var sent: Timestamp
    /// When its outcome was declared unknown.
    package var lost: Timestamp
    package var reply: LostReply

    package init(attempt: Int, sent: Timestamp, lost: Timestamp, reply: LostReply) {
        self.attempt = attempt
        self.sent = sent
        self.lost = lost
        self.reply = reply
    }
}
