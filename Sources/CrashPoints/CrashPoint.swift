#if CRASH_POINTS
    import Glibc
    import Synchronization
#endif

/// A step between the first byte of a POST and the last fsync of its video, at which a test can end the
/// process. In order of the walk.
@usableFromInline
package enum CrashPoint: CaseIterable, Sendable {
    case requestBegun
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
