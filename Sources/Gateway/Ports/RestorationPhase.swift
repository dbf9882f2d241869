/// How far the work after a restored store has come. Durable, so that a crash or a restart ends no pause.
package enum RestorationPhase: String, CaseIterable, Sendable {
    /// Found; some of its `queued` and `sending` tasks may not be `uncertain` yet. No job was taken since.
    case detected
    /// All of them are `uncertain`; what is `queued` came later, and waits until an operator resumes.
    case paused
}
