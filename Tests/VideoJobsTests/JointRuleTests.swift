import JSONText
import Testing
import VideoJobs

@Suite struct JointRuleTests {
    let catalog = ShippedCatalog.catalog

    @Test func `Lite makes 1080p only with 8 seconds`() throws {
        for model in catalog.models where model.id.contains("lite") {
            var job = model.smallestJob
            job["duration"] = 4
            job["resolution"] = "1080p"
            let fault = JobIssue(
                pointer: "/duration", code: "not_allowed_together",
                message: "duration must be 8 when resolution is 1080p", allowed: [8])
            #expect(catalog.faults(job) == [fault])
            for (resolution, duration) in [("720p", 4), ("1080p", 8)] as [(String, Int64)] {
                job["resolution"] = .string(resolution)
                job["duration"] = .integer(duration)
                _ = try catalog.validate(JSONValue.object(job).serialized())
            }
            job["duration"] = nil
            _ = try catalog.validate(JSONValue.object(job).serialized())
            job["duration"] = 5
            #expect(catalog.faults(job).map(\.code) == ["not_allowed"], "one fault a member is enough")
            job["resolution"] = "4k"
            #expect(catalog.faults(job).map(\.pointer).sorted() == ["/duration", "/resolution"])
        }
    }
}
