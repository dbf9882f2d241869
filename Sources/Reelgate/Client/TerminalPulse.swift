import Transport

/// Draws on a terminal again and again while work is in progress.
struct TerminalPulse: Sendable {
    let loop: EventLoop
    let interval: Duration

    /// Returns the result of the work. Nothing is drawn after that.
    func during<Value: Sendable>(
        _ work: @Sendable () async throws -> Value, draw: @escaping @Sendable () -> Void
    ) async -> Result<Value, any Error> {
        let pulse = Task {
            while !Task.isCancelled {
                draw()
                await loop.sleep(for: interval)
            }
        }
        let result: Result<Value, any Error>
        do { result = .success(try await work()) } catch { result = .failure(error) }
        pulse.cancel()
        // Awaited so that nothing is drawn over further output.
        await pulse.value
        return result
    }
}
