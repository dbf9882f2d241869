package import JSONText
import Testing

/// A simulated provider and the gateways of one test, in a folder of their own.
package final class EndToEndFixture: Sendable {
    /// Long and odd, so that finding it anywhere is no accident.
    package static let key = "rgtest-9f27c1d4e8b35a60-secret"

    package let folder: ScratchFolder
    package let simulator: RunningProgram
    package let provider: String

    /// Starts the provider. Its tasks take an hour: a test moves its clock.
    package init() async throws {
        folder = try ScratchFolder()
        simulator = try RunningProgram(
            Tools.reelgate, ["simulate", "--listen", "127.0.0.1:0", "--task-seconds", "3600"],
            environment: Tools.surroundings, folder: folder.path)
        provider = try await simulator.listeningAddress()
    }

    /// Starts a gateway on the folder's store, with an address of its own choice.
    ///
    /// - Parameter places: other folders for store and archive, on disks of their own.
    package func gateway(
        provider: String? = nil, places: DataPlaces = DataPlaces()
    ) async throws -> GatewayUnderTest {
        let config = try writeConfig(provider: provider ?? self.provider, places: places)
        let program = try startGateway(config: config)
        return GatewayUnderTest(program: program, url: try await program.listeningAddress())
    }

    /// Starts the program and does not wait for what it says.
    package func startGateway(
        config: String, _ arguments: [String] = [], environment more: [String: String] = [:]
    ) throws -> RunningProgram {
        var environment = Tools.surroundings.merging(more) { _, own in own }
        environment["REELGATE_PROVIDER_API_KEY"] = Self.key
        return try RunningProgram(
            Tools.reelgate, ["serve", "--config", config] + arguments, environment: environment,
            folder: folder.path)
    }

    package func writeConfig(provider: String, places: DataPlaces = DataPlaces()) throws -> String {
        try folder.write(
            """
            listen: [{address: "127.0.0.1:0"}]
            public_url: null
            provider:
              base_url: \(provider)
              poll: {first: 50ms, interval: 50ms, slowest: 200ms, deadline: 24h}
            submit_wait: 5s
            store: {sqlite: \(places.store)/reelgate.db}
            archive: {directory: \(places.archive)}
            log: {level: debug}
            """, to: "reelgate.yaml")
    }

    package func ledger() async throws -> JSONValue {
        try await Curl.get("\(provider)/_simulator/ledger").json()
    }

    package func advance(_ interval: String) async throws {
        let answer = try await Curl.post("\(provider)/_simulator/clock", #"{"advance":"\#(interval)"}"#)
        try #require(answer.status == 200, "\(answer.text)")
    }

    /// Has the provider send what its script delays now.
    package func release() async throws {
        let answer = try await Curl.post("\(provider)/_simulator/release", "")
        try #require(answer.status == 200, "\(answer.text)")
    }

    package func script(_ rules: String) async throws {
        let answer = try await Curl.post("\(provider)/_simulator/script", rules)
        try #require(answer.status == 200, "\(answer.text)")
    }
}

/// The folders in which a gateway keeps its data; relative ones are in the house's folder.
package struct DataPlaces: Sendable {
    package var store: String
    package var archive: String

    package init(store: String = "data", archive: String = "data/archive") {
        self.store = store
        self.archive = archive
    }
}

/// A gateway that a test talks to from outside.
package struct GatewayUnderTest: Sendable {
    /// The seed page's example.
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

    package func submit(_ job: String = exampleJob, _ options: [String] = []) async throws -> CurlAnswer {
        try await Curl.post("\(url)/v1/videos/generations", job, options)
    }

    package func task(_ id: String, _ options: [String] = []) async throws -> JSONValue {
        try await Curl.get("\(url)/v1/tasks/\(id)", options).json()
    }

    /// Asks again at each change until the task is as wanted; returns every state on the way.
    package func follow(_ id: String, until isWanted: (JSONValue) -> Bool) async throws -> [JSONValue] {
        var seen: [JSONValue] = []
        var known = "\"none\""
        while true {
            // Waits only while the task is what was seen last: no change in between is missed.
            let answer = try await Curl.get(
                "\(url)/v1/tasks/\(id)?wait=20", ["-H", "If-None-Match: \(known)"])
            try Task.checkCancellation()
            if answer.status == 304 { continue }
            try #require(answer.status == 200, "\(answer.text)")
            known = try #require(answer.fields["etag"])
            seen.append(try answer.json())
            if seen.last.map(isWanted) == true { return seen }
        }
    }

    /// Sends an accepted job and returns its id.
    package func accepted(_ job: String = exampleJob, _ options: [String] = []) async throws -> String {
        let answer = try await submit(job, options)
        try #require(answer.status == 200 || answer.status == 202, "\(answer.status) \(answer.text)")
        return try #require(try answer.json()["id"]?.string)
    }
}

extension RunningProgram {
    /// Where the program says that it listens.
    package func listeningAddress() async throws -> String {
        let message = "listening on "
        let line = try await line(of: \.output, having: message)
        let rest = line.firstRange(of: message).map { line[$0.upperBound...] } ?? ""
        return String(rest.prefix { $0 != " " && $0 != "," })
    }
}
