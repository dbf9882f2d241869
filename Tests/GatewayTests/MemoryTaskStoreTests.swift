import GatewayFakes
import TaskStoreContract
import Testing

@Suite struct MemoryTaskStoreTests {
    @Test(arguments: TaskStoreContract.checks + TaskStoreContract.sharedStoreChecks)
    func `the memory store keeps what any store must`(_ check: StoreCheck) async throws {
        try await check.run(MemoryTaskStore())
    }

    @Test(arguments: ClientStoreContract.checks)
    func `the memory store keeps clients as any store must`(_ check: StoreCheck) async throws {
        try await check.run(MemoryTaskStore())
    }

    @Test(arguments: SessionStoreContract.checks)
    func `the store keeps sessions as any store must`(_ check: StoreCheck) async throws {
        try await check.run(MemoryTaskStore())
    }

    @Test(arguments: AuditStoreContract.checks)
    func `the memory store keeps the audit as any store must`(_ check: StoreCheck) async throws {
        try await check.run(MemoryTaskStore())
    }

    @Test(arguments: DeliveryStoreContract.checks + NoticeStoreContract.checks)
    func `the memory store keeps deliveries as any store must`(_ check: StoreCheck) async throws {
        try await check.run(MemoryTaskStore())
    }

    @Test(arguments: UsageStoreContract.checks)
    func `the memory store sums tasks as any store must`(_ check: StoreCheck) async throws {
        try await check.run(MemoryTaskStore())
    }
}
