import StoreSQLite
import TaskStoreContract
import TestSupport
import Testing

@Suite struct SQLiteContractTests {
    @Test(arguments: TaskStoreContract.checks + TaskStoreContract.exclusiveStoreChecks)
    func `the store keeps what any store must`(_ check: TaskStoreContract.Check) async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteTaskStore.open(path: folder.path("reelgate.db"))
        do {
            try await check.run(store)
        } catch {
            Issue.record(error, "\(check.name)")
        }
        await store.close()
    }

    @Test(arguments: ClientStoreContract.checks)
    func `the store keeps clients as any store must`(_ check: ClientStoreContract.Check) async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteTaskStore.open(path: folder.path("reelgate.db"))
        do {
            try await check.run(store)
        } catch {
            Issue.record(error, "\(check.description)")
        }
        await store.close()
    }

    @Test(arguments: SessionStoreContract.checks)
    func `the store keeps sessions as any store must`(_ check: SessionStoreContract.Check) async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteTaskStore.open(path: folder.path("reelgate.db"))
        do {
            try await check.run(store)
        } catch {
            Issue.record(error, "\(check.description)")
        }
        await store.close()
    }

    @Test(arguments: AuditStoreContract.checks)
    func `the store keeps the audit as any store must`(_ check: AuditStoreContract.Check) async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteTaskStore.open(path: folder.path("reelgate.db"))
        do {
            try await check.run(store)
        } catch {
            Issue.record(error, "\(check.description)")
        }
        await store.close()
    }

    @Test(arguments: DeliveryStoreContract.checks)
    func `the store keeps deliveries as any store must`(_ check: DeliveryStoreContract.Check) async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteTaskStore.open(path: folder.path("reelgate.db"))
        do {
            try await check.run(store)
        } catch {
            Issue.record(error, "\(check.description)")
        }
        await store.close()
    }

    @Test(arguments: UsageStoreContract.checks)
    func `the store sums tasks as any store must`(_ check: UsageStoreContract.Check) async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteTaskStore.open(path: folder.path("reelgate.db"))
        do {
            try await check.run(store)
        } catch {
            Issue.record(error, "\(check.description)")
        }
        await store.close()
    }
}
