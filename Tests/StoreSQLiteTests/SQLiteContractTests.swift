import StoreSQLite
import TaskStoreContract
import TestSupport
import Testing

@Suite struct SQLiteContractTests {
    @Test(arguments: TaskStoreContract.checks + TaskStoreContract.exclusiveStoreChecks)
    func `the store keeps what any store must`(_ check: StoreCheck) async throws {
        try await run(check)
    }

    @Test(arguments: ClientStoreContract.checks)
    func `the store keeps clients as any store must`(_ check: StoreCheck) async throws {
        try await run(check)
    }

    @Test(arguments: SessionStoreContract.checks)
    func `the store keeps sessions as any store must`(_ check: StoreCheck) async throws {
        try await run(check)
    }

    @Test(arguments: AuditStoreContract.checks)
    func `the store keeps the audit as any store must`(_ check: StoreCheck) async throws {
        try await run(check)
    }

    @Test(arguments: DeliveryStoreContract.checks + NoticeStoreContract.checks)
    func `the store keeps deliveries as any store must`(_ check: StoreCheck) async throws {
        try await run(check)
    }

    @Test(arguments: UsageStoreContract.checks)
    func `the store sums tasks as any store must`(_ check: StoreCheck) async throws {
        try await run(check)
    }

    private func run(_ check: StoreCheck) async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteTaskStore.open(path: folder.path("reelgate.db"))
        do {
            try await check.run(store)
        } catch {
            Issue.record(error, "\(check)")
        }
        await store.close()
    }
}
