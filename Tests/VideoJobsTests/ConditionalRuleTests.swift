import JSONText
import Testing
import VideoJobs

@Suite struct ConditionalRuleTests {
    let catalog = ShippedCatalog.catalog

    @Test func `Lite accepts 1080p only with a duration of 8`() throws {
        for model in catalog.models where model.id.contains("lite") {
            var job = model.smallestJob
            job["duration"] = 4
            job["resolution"] = "1080p"
            let issue = JobIssue(
                pointer: "/duration", code: "not_allowed_together",
                message: "duration must be 8 when resolution is 1080p", allowed: [8])
            #expect(catalog.issues(job) == [issue])
            for (resolution, duration) in [("720p", 4), ("1080p", 8)] as [(String, Int64)] {
                job["resolution"] = .string(resolution)
                job["duration"] = .integer(duration)
                _ = try catalog.validate(JSONValue.object(job).serialized())
            }
            job["duration"] = nil
            _ = try catalog.validate(JSONValue.object(job).serialized())
            job["duration"] = 5
            #expect(catalog.issues(job).map(\.code) == ["not_allowed"], "one issue for each member")
            job["resolution"] = "4k"
            #expect(catalog.issues(job).map(\.pointer).sorted() == ["/duration", "/resolution"])
        }
    }
}
