#if CRASH_POINTS
    import Glibc
    import Synchronization
#endif

/// A step between the first byte of a POST and the last fsync of its video, at which a test can end the
/// process. In order of the walk; each case says what is durable when it is reached.
@usableFromInline
package enum CrashPoint: CaseIterable, Sendable {
    // The request comes in. Nothing is durable, and nobody was told anything.

    /// The first bytes of a request were read.
    case requestBegun
    /// The request's head was understood.
    case headParsed
    /// The last byte of its body is here.
    case bodyComplete
    /// The job kept every rule of its model.
    case jobValidated
    /// The job has an id and goes to the store.
    case admissionBegun
    /// Its rows stand in a transaction that is still open. Nothing is durable.
    case admissionWritten

    // Every transaction; for one job the first admits it, the second notes the intent to send it, the third
    // the verdict.

    /// The transaction's rows are written, its COMMIT is next. Durable: what was before it.
    case committing
    /// COMMIT has returned; no caller knows. Durable: the transaction.
    case committed

    // The job is accepted. Durable: the task, `queued`.

    /// The admission's caller knows that it is durable.
    case admitted
    /// Readers can see the task.
    case admissionPublished
    /// The task stands in the queue.
    case enqueued
    /// Its turn has come; the intent to send it is not noted yet.
    case sendingBegun

    // The job is on its way. Durable: the task, `sending`. What a crash leaves here is `uncertain`.

    /// The intent is durable; no byte may have left yet.
    case intentDurable
    /// The request is made and goes to the network.
    case fetchBegun
    /// A connection is up: from here on libcurl may write.
    case connectionReady
    /// libcurl has the body and is about to write it.
    case bodyHandedOver
    /// A line of the answer's head has come.
    case answerBegun
    /// The exchange with the provider has ended.
    case answerComplete
    /// It is decided what the answer means; that is only in memory.
    case verdictReached

    // Every change of a task after its admission.

    /// A change is durable; readers still see the task as it was.
    case changeDurable
    /// Readers see the change.
    case changePublished

    // The verdict is durable. The task is `running`, or `queued` again, or `failed`, or `uncertain`.

    /// The verdict is durable.
    case verdictDurable
    /// The provider surely did not take the job, and that is durable: the task is `queued` again.
    case retryDurable
    /// The answer to a client was handed to the kernel.
    case answerWritten

    // The provider works on it. Durable: the task, `running`.

    /// The provider is about to be asked how far the task is.
    case pollBegun
    /// It has answered; what it said is only in memory.
    case pollAnswered

    // The video is copied. Durable: the task, `archiving`, with its links.

    /// The copy is about to be planned.
    case archivingDurable
    /// A temporary file for the copy is there, empty.
    case copyBegun
    /// A piece of the video was written to the temporary file.
    case pieceWritten
    /// All of it is written and checked, nothing of it synced.
    case fileWritten
    /// The temporary file is synced.
    case fileSynced
    /// The file has its name; the folder is not synced.
    case fileNamed
    /// The copy is durable under its name; the task does not know it.
    case copyDurable
    /// Size and hash of all copies are known.
    case resultsDecided
    /// Durable: the task, `completed`.
    case completionPublished

    // A start. Durable: what was there before, most of all what a crash has left.

    /// A new store is marked as ours and has tables only in a transaction that is still open.
    case storeBeingMade
    /// The open tasks are about to be read.
    case recoveryBegun
    /// An interrupted submission is durably `uncertain`.
    case interruptionDurable
    /// All open tasks are taken up; nothing of their work has begun.
    case recoveryEnded
}

/// Says that the process has come to a step.
///
/// In test builds the process ends here, as by `kill -9`, if `REELGATE_CRASH_AT` names the step; `name:3`
/// ends it at the third time. In release builds nothing of this is left.
@inlinable
package func reached(_ point: CrashPoint) {
    #if CRASH_POINTS
        crash(at: point)
    #endif
}

#if CRASH_POINTS
    private let countdown = Atomic<Int>(ordered?.times ?? 0)

    /// What the environment asks for.
    private let ordered: (name: String, times: Int)? = {
        guard let text = unsafe getenv("REELGATE_CRASH_AT") else { return nil }
        let parts = unsafe String(cString: text).split(separator: ":", maxSplits: 1).map(String.init)
        guard let name = parts.first else { return nil }
        return (name, parts.count > 1 ? Int(parts[1]) ?? 1 : 1)
    }()

    @usableFromInline
    package func crash(at point: CrashPoint) {
        guard let ordered, ordered.name == "\(point)" else { return }
        // No handler, no flush, no destructor: as if the power had gone.
        if countdown.subtract(1, ordering: .relaxed).newValue == 0 { _exit(86) }
    }
#endif
