#if CRASH_POINTS
    import Glibc
    import Synchronization
#endif

/// A step between the first byte of a POST and the last fsync of its video at which a test can end the
/// process. The cases are in processing order; each states what is durable at that point.
@usableFromInline
package enum CrashPoint: CaseIterable, Sendable {
    // Receiving the request. Nothing is durable and no response has been sent.

    /// The first bytes of a request were read.
    case requestBegun
    /// The request's head was parsed.
    case headParsed
    /// The last byte of the request's body was received.
    case bodyComplete
    /// The job passed validation against its model.
    case jobValidated
    /// The job has a task ID and is about to be stored.
    case admissionBegun
    /// The task's rows are written in a transaction that is still open. Nothing is durable.
    case admissionWritten

    // Every transaction. For one job the first admits it, the second records the intent to send it, and the
    // third records the verdict.

    /// The transaction's rows are written; COMMIT is next. Durable: the state before the transaction.
    case committing
    /// COMMIT has returned; its callers are not notified yet. Durable: the transaction.
    case committed

    // The job is admitted. Durable: the task, `queued`.

    /// The caller of the admission was notified that it is durable.
    case admitted
    /// Readers can see the task.
    case admissionPublished
    /// The task is in the submission queue.
    case enqueued
    /// The task was dispatched; the intent to send it is not recorded yet.
    case sendingBegun

    // The job is being sent. Durable: the task, `sending`. After a crash here it is `uncertain`.

    /// The intent is durable; no byte has been sent.
    case intentDurable
    /// The request is complete and is passed to the network layer.
    case fetchBegun
    /// A connection is established; from here on libcurl may write.
    case connectionReady
    /// libcurl has read the body and is about to write it.
    case bodyProvided
    /// A line of the response's head was received.
    case responseStarted
    /// The exchange with the provider has ended.
    case responseComplete
    /// The response is classified; the verdict is only in memory.
    case verdictReached

    // Every change of a task after its admission.

    /// A change is durable; readers still see the previous state.
    case changeDurable
    /// Readers see the change.
    case changePublished

    // The verdict is durable. The task is `running`, `queued` again, `failed` or `uncertain`.

    /// The verdict is durable.
    case verdictDurable
    /// The provider certainly did not accept the job, and that is durable: the task is `queued` again.
    case retryDurable
    /// The response to a client was passed to the kernel.
    case responseWritten

    // The provider is generating. Durable: the task, `running`.

    /// The provider is about to be polled.
    case pollBegun
    /// The poll has completed; its outcome is only in memory.
    case pollCompleted

    // The video is copied to the archive. Durable: the task, `archiving`, with its links.

    /// The copy is about to be scheduled.
    case archivingDurable
    /// An empty temporary file for the copy exists.
    case copyBegun
    /// A chunk of the video was written to the temporary file.
    case chunkWritten
    /// The temporary file's log has a digest of the bytes so far: the copy can be continued after a crash.
    case partialRecorded
    /// The host sends the rest of an interrupted copy; none of it is written.
    case copyResumed
    /// All of the video is written and verified; nothing is synced.
    case fileWritten
    /// The temporary file is synced.
    case fileSynced
    /// The file has its final name; its directory is not synced.
    case fileRenamed
    /// The copy is durable under its final name; the task's record does not refer to it yet.
    case copyDurable
    /// Sizes and hashes of all copies are known.
    case resultsVerified
    /// Durable: the task, `completed`.
    case completionPublished

    // The video is removed by retention. Durable: the task, `completed`.

    /// Its files are removed; its record does not show it.
    case contentFilesRemoved

    // The end of the task is reported. Durable: the task and its deliveries.

    /// A webhook or a notice is about to be sent.
    case deliveryBegun
    /// The reply of its receiver is only in memory.
    case deliveryAnswered

    // Startup. Durable: the previous state, including whatever a crash has left.

    /// A new store's marker and tables are written in a transaction that is still open.
    case storeInitializing
    /// The open tasks are about to be read.
    case recoveryBegun
    /// An interrupted submission is durably `uncertain`.
    case interruptionDurable
    /// All open tasks are recovered; none of their work has begun.
    case recoveryEnded

    // A backup. Durable: the store, which is not changed.

    /// An empty temporary file for the backup exists.
    case backupBegun
    /// The backup is complete under its temporary name; nothing is synced.
    case backupCopied
    /// The backup is synced and has its name, and its temporary name too; its directory is not synced.
    case backupNamed

    // The restoration of a backup. Durable: the backup, which is not changed.

    /// The backup is copied to a temporary file; nothing in it is checked.
    case restoreCopied
    /// The copy is checked, migrated, and marked as older than what was sent; nothing is synced.
    case restoreMarked
    /// The store is synced and has its name, and its temporary name too; its directory is not synced.
    case restoreNamed
}

/// Marks that the process has reached a step.
///
/// In test builds it ends the process here, as `kill -9` would, if `REELGATE_CRASH_AT` names the step;
/// `name:3` ends it at the third time. Compiles to nothing in release builds.
@inlinable
package func reached(_ point: CrashPoint) {
    #if CRASH_POINTS
        crash(at: point)
    #endif
}

#if CRASH_POINTS
    private let countdown = Atomic<Int>(requested?.occurrence ?? 0)

    /// The crash point that the environment requests.
    private let requested: (name: String, occurrence: Int)? = {
        guard let text = unsafe getenv("REELGATE_CRASH_AT") else { return nil }
        let parts = unsafe String(cString: text).split(separator: ":", maxSplits: 1).map(String.init)
        guard let name = parts.first else { return nil }
        return (name, parts.count > 1 ? Int(parts[1]) ?? 1 : 1)
    }()

    /// Ends the process if the environment requests a crash at this step.
    @usableFromInline
    package func crash(at point: CrashPoint) {
        guard let requested, requested.name == "\(point)" else { return }
        // No handler, flush or destructor runs, as after a power failure.
        if countdown.subtract(1, ordering: .relaxed).newValue == 0 { _exit(86) }
    }
#endif
