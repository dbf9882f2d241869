import ArgumentParser
import FoundationEssentials
import JSONText
import ProcessTestSupport
import Testing

@testable import Reelgate

/// The commands that manage clients, with a running gateway and without one.
@Suite(.timeLimit(.minutes(3))) struct ClientCommandTests {
    private static let model = "veo-3.1-reference-to-video"

    private func reelgate(
        _ arguments: [String], _ environment: [String: String] = [:], _ fixture: EndToEndFixture
    ) async throws -> FinishedProgram {
        try await Tools.run(
            "reelgate", arguments, environment: environment, folder: fixture.folder.path)
    }

    @Test(arguments: [true, false])
    func `a client is added, shown, changed, rotated and revoked`(_ isRunning: Bool) async throws {
        let fixture = try await EndToEndFixture()
        let config = try fixture.writeConfiguration { $0.access = "{clients: tokens}" }
        let gateway = isRunning ? try await fixture.gateway { $0.access = "{clients: tokens}" } : nil
        defer { withExtendedLifetime(gateway) {} }
        func clients(_ arguments: String...) async throws -> FinishedProgram {
            let ran = try await reelgate(["clients"] + arguments + ["--config", config], [:], fixture)
            if ran.status == 0 {
                #expect(ran.errors.contains("no gateway is running") == !isRunning, "\(ran.errors)")
            }
            return ran
        }
        let added = try await clients("add", "studio", "--model", Self.model)
        #expect(added.status == 0 && added.errors.contains("REELGATE_TOKEN"), "\(added.errors)")
        let token = try #require(added.lines.first)
        #expect(added.lines.count == 1 && token.hasPrefix("rg_") && token.utf8.count == 41)

        let again = try await clients("add", "studio")
        #expect(again.status == 1 && again.lines.isEmpty)
        #expect(again.errors.contains("the client studio exists (409 client_exists)"))
        let listed = try await clients("list")
        #expect(listed.lines.count == 1 && !listed.text.contains(token))
        #expect(try listed.json()["models"]?.array == [.string(Self.model)])

        let changed = try await clients("set", "studio", "--all-models", "--role", "operator")
        #expect(try changed.json()["models"] == .null)
        #expect(try changed.json()["role"]?.string == "operator")
        let rotated = try await clients("rotate", "studio", "--overlap", "24h")
        #expect(rotated.lines.count == 1 && rotated.lines.first != token)
        #expect(rotated.errors.contains("stay valid for 24h"))
        #expect(try await clients("show", "studio").json()["tokens"]?.array?.count == 2)
        let revoked = try await clients("revoke", "studio")
        #expect(revoked.status == 0)
        #expect(try await clients("show", "studio").json()["tokens"]?.array == [])
    }

    @Test func `a command that finds neither a gateway nor its store fails and makes none`() async throws {
        let fixture = try await EndToEndFixture()
        let config = try fixture.writeConfiguration { $0.access = "{clients: tokens}" }
        for command in [["clients", "list"], ["clients", "rotate", "studio"], ["usage"], ["audit"]] {
            let ran = try await reelgate(command + ["--config", config], [:], fixture)
            #expect(ran.status == 1 && ran.lines.isEmpty)
            #expect(ran.errors.contains("there is no store at /"), "\(ran.errors)")
        }
        let added = try await reelgate(["clients", "add", "studio", "--config", config], [:], fixture)
        #expect(added.status == 0 && added.errors.contains("a new store was made"), "\(added.errors)")
        let shown = try await reelgate(["clients", "list", "--config", config], [:], fixture)
        #expect(shown.status == 0 && shown.lines.count == 1)
    }

    @Test func `adding a client while access is open warns that tokens have no effect`()
        async throws
    {
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway()
        defer { withExtendedLifetime(gateway) {} }
        let config = try fixture.writeConfiguration()
        let added = try await reelgate(["clients", "add", "studio", "--config", config], [:], fixture)
        #expect(added.status == 0 && added.lines.count == 1)
        #expect(added.errors.contains("warning: access is open"), "\(added.errors)")
    }

    @Test(arguments: [true, false])
    func `a change that the gateway rejects has its issues and a remedy`(_ isRunning: Bool) async throws {
        let fixture = try await EndToEndFixture()
        let config = try fixture.writeConfiguration()
        let gateway = isRunning ? try await fixture.gateway() : nil
        defer { withExtendedLifetime(gateway) {} }
        for (arguments, message) in [
            (["add", "a", "--model", "veo-3.1-reference-to-vide"], "did you mean \(Self.model)?"),
            (["show", "nobody"], "reelgate clients list shows the existing clients."),
            (["set", "nobody", "--no-budget"], "there is no such client (404 not_found)"),
        ] {
            let ran = try await reelgate(["clients"] + arguments + ["--config", config], [:], fixture)
            #expect(ran.status == 1 && ran.output.isEmpty)
            #expect(ran.errors.contains(message), "\(ran.errors)")
        }
    }

    @Test func `a token that was issued before the start works in the commands`() async throws {
        let fixture = try await EndToEndFixture()
        // The folder of the store is enough to find the gateway.
        let data = ["REELGATE_DATA": "data"]
        let added = try await reelgate(["clients", "add", "studio"], data, fixture)
        let token = try #require(added.lines.first, "\(added.errors)")
        let gateway = try await fixture.gateway { $0.access = "{clients: tokens}" }
        let url = ["REELGATE_URL": gateway.url]
        let job = ["submit", "--prompt", "A garden", "--reference", "https://example.com/a.jpg"]

        let without = try await reelgate(job, url, fixture)
        #expect(without.status == 1 && without.errors.contains("401 unauthorized"), "\(without.errors)")
        #expect(without.errors.contains("REELGATE_TOKEN"))
        let sent = try await reelgate(job, url.merging(["REELGATE_TOKEN": token]) { $1 }, fixture)
        #expect(sent.status == 0, "\(sent.errors)")
        let file = try fixture.folder.write(token + "\n", to: "studio.token", mode: 0o600)
        let listed = try await reelgate(["tasks", "list", "--token-file", file], url, fixture)
        #expect(listed.status == 0 && listed.lines.count == 1, "\(listed.errors)")
        _ = try fixture.folder.write(token, to: "studio.token", mode: 0o644)
        let exposed = try await reelgate(["tasks", "list", "--token-file", file], url, fixture)
        #expect(exposed.status == 1 && exposed.errors.contains("other users can read it"))
        #expect(exposed.errors.contains("chmod 600") && !exposed.errors.contains(token))

        // In force at once.
        #expect(try await reelgate(["clients", "revoke", "studio"], data, fixture).status == 0)
        let revoked = try await reelgate(
            ["tasks", "list"], url.merging(["REELGATE_TOKEN": token]) { $1 }, fixture)
        #expect(revoked.status == 1 && revoked.errors.contains("401 unauthorized"))
    }

    @Test func `a running gateway without an operator socket cannot be managed`() async throws {
        let fixture = try await EndToEndFixture()
        let config = try fixture.writeConfiguration { $0.access = "{operator_socket: false}" }
        let gateway = try await fixture.gateway { $0.access = "{operator_socket: false}" }
        defer { withExtendedLifetime(gateway) {} }
        let ran = try await reelgate(["clients", "list", "--config", config], [:], fixture)
        #expect(ran.status == 3, "\(ran.errors)")
        #expect(ran.errors.contains("access.operator_socket"))
    }

    @Test(arguments: [
        ["add", "Studio"], ["add", "open"], ["add"], ["set", "studio"], ["add", "a", "--role", "boss"],
        ["set", "a", "--model", "m", "--all-models"], ["add", "a", "--budget-usd", "5"],
        ["add", "a", "--budget-usd", "0.0000001", "--per", "day"], ["rotate", "a", "--overlap", "31d"],
        ["rotate", "a", "--overlap", "500ms"],
    ])
    func `wrong usage is rejected before anything is opened`(_ arguments: [String]) {
        #expect(throws: (any Error).self) { try Reelgate.parseAsRoot(["clients"] + arguments) }
    }

    @Test func `options are members of the client's document`() throws {
        let arguments = [
            "studio", "--role", "operator", "--model", "a", "--model", "b", "--rpm", "60", "--in-flight", "4",
            "--jobs-per-day", "100", "--budget-usd", "12.5", "--per", "month", "--weight", "3",
        ]
        let expected: JSONObject = [
            "role": "operator", "models": ["a", "b"],
            "limits": ["requests_per_minute": 60, "in_flight": 4, "jobs_per_day": 100],
            "budget": ["usd": .real(12.5), "per": "month"], "weight": 3,
        ]
        #expect(try AddClientCommand.parse(arguments).options.members == expected)
        let removed: JSONObject = ["models": nil, "limits": nil, "budget": nil]
        let flags = ["studio", "--all-models", "--no-limits", "--no-budget"]
        #expect(try SetClientCommand.parse(flags).body == removed)
    }

    @Test func `a token comes from the file, else from the variable`() throws {
        let folder = try ScratchFolder()
        let file = try folder.write("rg_file\r\n", to: "token", mode: 0o400)
        let variable = ["REELGATE_TOKEN": "rg_variable"]
        #expect(try CommandToken.read(file: file, environment: variable) == "rg_file")
        #expect(try CommandToken.read(file: nil, environment: variable) == "rg_variable")
        #expect(try CommandToken.read(file: nil, environment: ["REELGATE_TOKEN": ""]) == nil)
        for text in ["", "two words", "rg_a\nrg_b", "é"] {
            let wrong = try folder.write(text, to: "wrong", mode: 0o600)
            let error = #expect(throws: CommandError.self) {
                try CommandToken.read(file: wrong, environment: [:])
            }
            #expect(error?.description.contains("rg_a") == false)
        }
    }
}
