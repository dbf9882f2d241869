import GatewayFakes
import TaskStoreContract
import Testing

@Suite struct MemoryTaskStoreTests {
    @Test(arguments: TaskStoreContract.checks + TaskStoreContract.sharedStoreChecks)
    func `the memory store keeps what any store must`(_ check: TaskStoreContract.Check) async throws {
        try await check.run(MemoryTaskStore())
    }
}
