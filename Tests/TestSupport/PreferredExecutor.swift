package import Testing

/// A trait that runs a test with a preferred task executor, so that other tests do not delay its steps.
///
/// For tests whose steps must follow each other before a connection times out: in a full run on a busy
/// machine the shared pool can suspend a test for half a minute.
package struct PreferredExecutor: TestTrait, TestScoping {
    private let executor: any TaskExecutor

    package init(_ executor: any TaskExecutor) { self.executor = executor }

    package func provideScope(
        for _: Test, testCase _: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        try await withTaskExecutorPreference(executor) { try await function() }
    }
}
