package import JSONText
import Testing

/// A running gateway and the requests that tests send to it.
package struct GatewayUnderTest: Sendable {
    /// A complete job.
    package static let exampleJob = """
        {"model":"veo-3.1-reference-to-video","prompt":"A woman walking through a garden",
         "reference_image_urls":["https://example.com/ref1.jpg"],"aspect_ratio":"16:9","duration":8,
         "resolution":"720p","generate_audio":true}
        """

    package let program: RunningProgram
    package let url: String

    package init(program: RunningProgram, url: String) {
        self.program = program
        self.url = url
    }

    /// Submits a job.
    package func submit(_ job: String = exampleJob, _ options: [String] = []) async throws -> CurlResponse {
        try await Curl.post("\(url)/v1/videos/generations", job, options)
    }

    /// Reads a task.
    package func task(_ id: String, _ options: [String] = []) async throws -> JSONValue {
        try await Curl.get("\(url)/v1/tasks/\(id)", options).json()
    }

    /// Reads a task at each change until `isWanted`; returns every state that was read.
    package func follow(
        _ id: String, _ options: [String] = [], until isWanted: (JSONValue) -> Bool
    ) async throws -> [JSONValue] {
        var seen: [JSONValue] = []
        var known = "\"none\""
        while true {
            // The entity tag makes the wait start at the last seen version, so no change is missed.
            let response = try await Curl.get(
                "\(url)/v1/tasks/\(id)?wait=20", ["-H", "If-None-Match: \(known)"] + options)
            try Task.checkCancellation()
            if response.status == 304 { continue }
            try #require(response.status == 200, "\(response.text)")
            known = try #require(response.fields["etag"])
            seen.append(try response.json())
            if seen.last.map(isWanted) == true { return seen }
        }
    }

    /// Submits a job that must be accepted and returns its task ID.
    package func accepted(_ job: String = exampleJob, _ options: [String] = []) async throws -> String {
        let response = try await submit(job, options)
        try #require(response.status == 200 || response.status == 202, "\(response.status) \(response.text)")
        return try #require(try response.json()["id"]?.string)
    }
}
