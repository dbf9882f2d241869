internal import Synchronization

/// Bodies that are woken together. However many there are, each loop is woken once.
package final class BodyWakeupGroup: Sendable {
    private struct Member {
        let queue: BodyWakeupQueue
        var bodies: Set<UInt64> = []
    }

    private let loops = Mutex<[ObjectIdentifier: Member]>([:])

    package init() {}

    /// Adds the body that a wakeup belongs to.
    package func insert(_ wakeup: BodyWakeup) {
        loops.withLock { loops in
            let loop = ObjectIdentifier(wakeup.queue)
            loops[loop, default: Member(queue: wakeup.queue)].bodies.insert(wakeup.bodyID)
        }
    }

    /// Removes a body; one that is not in the group is no error.
    package func remove(_ wakeup: BodyWakeup) {
        loops.withLock { loops in
            let loop = ObjectIdentifier(wakeup.queue)
            loops[loop]?.bodies.remove(wakeup.bodyID)
            if loops[loop]?.bodies.isEmpty == true { loops[loop] = nil }
        }
    }

    /// Has the sources of all bodies read again.
    package func resumeAll() {
        for member in loops.withLock({ Array($0.values) }) { member.queue.append(resuming: member.bodies) }
    }
}
