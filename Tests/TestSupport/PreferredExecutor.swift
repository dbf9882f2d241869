package import Testing

/// Runs a test on an executor of its own choice, so that it waits for no other test's work between its steps.
///
/// For tests that must go from one step to the next while a connection is still fresh: in a full run on a
/// busy machine the shared pool can leave a test waiting for half a minute.
package struct PreferredExecutor: TestTrait, TestScoping {
    private let executor: any TaskExecutor

    package init(_ executor: any TaskExecutor) { self.executor = executor }

    package func provideScope(
        for _: Test, testCase _: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        try await withTaskExecutorPreference(executor) { try await function() }
    }
}
