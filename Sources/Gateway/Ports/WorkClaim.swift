package import VideoJobs

/// A gateway's claim to unfinished tasks, valid until its lease ends or the same gateway begins another.
///
/// Tasks that a gateway holds are not granted to another one, which would turn a `sending` task into
/// `uncertain` although its reply is still to come.
package struct WorkClaim: Equatable, Sendable {
    package let owner: String
    /// Greater than the term of every earlier claim, by any owner.
    package let term: Int64
    package let begin: Timestamp
    package let leaseEnd: Timestamp

    package init(owner: String, term: Int64, begin: Timestamp, leaseEnd: Timestamp) {
        self.owner = owner
        self.term = term
        self.begin = begin
        self.leaseEnd = leaseEnd
    }
}
