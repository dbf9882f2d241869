import GatewayAPI
import Testing
import VideoJobs

@Suite struct TaskResponseCacheTests {
    private func cache(providerTaskID: String) -> TaskResponseCache {
        let cache = TaskResponseCache(publicURL: "")
        var record = TaskRecord.example(.running)
        record.providerTaskID = ProviderTaskID(providerTaskID)
        cache.taskPublished(record)
        return cache
    }

    @Test func `a task is found by the path of either id until it is evicted`() {
        let cache = cache(providerTaskID: "provider-1")
        let id = TaskRecord.example(.running).id.text
        let found = cache.cached(path: "/v1/tasks/provider-1")
        #expect(found != nil && found === cache.cached(path: "/v1/tasks/\(id)"))
        #expect(cache.cached(path: "/v1/tasks/\(id)/content") == nil && cache.cached(path: id) == nil)

        var evicted = TaskRecord.example(.running)
        evicted.providerTaskID = ProviderTaskID("provider-1")
        cache.taskEvicted(evicted)
        #expect(cache.cached(path: "/v1/tasks/provider-1") == nil)
        #expect(cache.cached(path: "/v1/tasks/\(id)") == nil)
    }

    @Test(arguments: ["other/content", "other%2Fcontent"])
    func `a provider task id that is not one path segment does not shadow another endpoint`(_ id: String) {
        #expect(cache(providerTaskID: id).cached(path: "/v1/tasks/\(id)") == nil)
    }
}
