import Gateway
import GatewayAPI
import JSONText
import TLS
import Testing

@testable import Reelgate

/// Reads settings from JSON text, since `Settings` takes the file as a value.
private func resolve(
    _ json: String, environment: [String: String] = [:], listen: String? = nil
) throws -> Settings {
    let value = try JSONValue(parsing: Array(json.utf8))
    let file = SettingsFile(name: "gate.yaml", value: value, line: { $0.isEmpty ? 1 : $0.utf8.count })
    return try Settings.resolve(
        file: file, environment: environment, flags: SettingsFlags(config: nil, listen: listen))
}

private func listener(_ text: String) throws -> Settings.Listener {
    Settings.Listener(address: try SettingKind.address.read(.string(text)))
}

private func faults(
    _ json: String, environment: [String: String] = [:], listen: String? = nil
) -> [String] {
    do {
        _ = try resolve(json, environment: environment, listen: listen)
        return []
    } catch let failure as SettingsError {
        return failure.issues.map { "\($0.key): \($0.message)" + ($0.remedy.map { " (\($0))" } ?? "") }
    } catch {
        return ["\(error)"]
    }
}

@Suite struct SettingsTests {
    @Test func `an empty mapping gives the defaults`() throws {
        #expect(try resolve("{}") == Settings())
    }

    @Test func `every key is read`() throws {
        let settings = try resolve(
            """
            {"listen":[{"address":"127.0.0.1:0"},{"address":"[::1]:9000"}],
             "public_url":"https://v.example.com/x/","allowed_hosts":["v.example.com"],"loops":3,
             "provider":{"base_url":"https://api.example.com/","api_key_file":"/etc/key","max_in_flight":2,
                         "connect_timeout":"1s","submit_timeout":"2s",
                         "poll":{"first":"250ms","interval":"3s","slowest":"4m","deadline":"5h"}},
             "submit_wait":"0s","store":{"sqlite":"a.db"},
             "archive":{"directory":"b","keep":"7d","max_bytes":"2GiB","reserve":"0B","verify":false},
             "access":{"clients":"tokens","operator_socket":false,"cors":["HTTPS://A.example:443"]},
             "audit":{"prompts":true},
             "spend":{"job_usd":2.5,"day_usd":"50"},
             "limits":{"body":"1MiB","header":"8KiB","connections":5,"streams":6,"header_timeout":"6s",
                       "body_timeout":"7s","idle_timeout":"8s"},
             "log":{"format":"json","level":"debug","access":false}}
            """)
        var expected = Settings()
        expected.listen = try [listener("127.0.0.1:0"), listener("[::1]:9000")]
        expected.publicURL = "https://v.example.com/x"
        expected.allowedHosts = ["v.example.com"]
        expected.provider = .init(
            baseURL: "https://api.example.com", apiKeyFile: "/etc/key", maxInFlight: 2,
            connectTimeout: .seconds(1), submitTimeout: .seconds(2),
            poll: .init(
                first: .milliseconds(250), interval: .seconds(3), slowest: .seconds(240),
                deadline: .seconds(18_000)))
        (expected.loops, expected.submitWait) = (3, .zero)
        expected.store.sqlite = "a.db"
        expected.archive = .init(
            directory: "b", keep: .seconds(604_800), maxBytes: 2 << 30, reserve: 0, verify: false)
        expected.audit = .init(prompts: true)
        expected.access = .init(
            clients: .tokens, operatorSocket: false, cors: [try #require(WebOrigin("https://a.example"))])
        expected.spend = .init(job: 2_500_000, day: 50_000_000)
        expected.limits = .init(
            body: 1 << 20, header: 8 << 10, connections: 5, streams: 6, headerTimeout: .seconds(6),
            bodyTimeout: .seconds(7),
            idleTimeout: .seconds(8))
        expected.log = .init(format: .json, level: .debug, access: false)
        #expect(settings == expected)
    }

    @Test func `all issues are reported at once, each with its line`() throws {
        let json = #"{"loops":0,"provider":{"poll":{"frist":"8s","interval":8}},"limits":{"body":"64KB"}}"#
        #expect(
            faults(json) == [
                #"loops: "0" is not a whole number from 1 to 256 (or write auto)"#,
                #"limits.body: "64KB" is not a size (write it like 64KiB, 10MiB or 50GiB)"#,
                "provider.poll.frist: unknown key (did you mean first?)",
                #"provider.poll.interval: "8" is not a duration (write it like 250ms, 10s, 30m, 24h or 30d)"#,
            ])
        let failure = #expect(throws: SettingsError.self) { try resolve(json) }
        #expect(failure?.issues.first?.origin == .file("gate.yaml", line: "/loops".utf8.count))
        #expect("\(try #require(failure))".hasPrefix("gate.yaml:6: loops: "))
    }

    @Test func `receivers of notices are read, of all events by default`() throws {
        let json = #"[{"url_file":"u","template":"slack","on":["failed"]},{"url_file":"v","template":"t"}]"#
        #expect(
            try resolve(#"{"notify":\#(json)}"#).notify == [
                Settings.Receiver(urlFile: "u", template: "slack", events: [.failed]),
                Settings.Receiver(urlFile: "v", template: "t"),
            ])
    }

    @Test(arguments: [
        (#"{"listen":[]}"#, "listen is empty"),
        (#"{"listen":[{"address":"nowhere"}]}"#, "is not an address to listen on"),
        (
            #"{"listen":[{"address":"127.0.0.1:1","tls":{"certificate":"a"}}]}"#,
            "both certificate and key are required"
        ),
        (
            #"{"listen":[{"address":"0.0.0.0:1","tls":{"certificate":"a","key":"b"}}]}"#,
            "can be reached from other machines"
        ),
        (#"{"listen":[{"address":"127.0.0.1:1","tls":{"cert":"a"}}]}"#, "did you mean certificate?"),
        (#"{"access":{"operator_socket":1}}"#, "neither true nor false"),
        (#"{"access":{"clients":"everyone"}}"#, "not one of open"),
        (#"{"access":{"cors":["*"]}}"#, "not the origin of a web page (write each origin like https://"),
        (#"{"access":{"cors":["https://u:pa55word@a.example"]}}"#, "not the origin of a web page"),
        (#"{"access":{"cors":"https://a.example"}}"#, "is not a list"),
        (#"{"spend":{"job_usd":"-1"}}"#, "\"-1\" is not an amount of US dollars (write it like 50 or 12.50)"),
        (#"{"spend":{"job_usd":1e-7}}"#, "is not an amount of US dollars"),
        (#"{"spend":{"day_usd":true}}"#, "is not an amount of US dollars"),
        (#"{"spend":{"day-usd":1}}"#, "did you mean day_usd?"),
        (#"{"store":{"postgres":"postgresql://u:pa55word@h/d"}}"#, "not supported in this version"),
        (#"{"webhooks":{"allow":["169.254.0.0/16"]}}"#, "is not where webhooks may be sent"),
        (#"{"webhooks":{"allow":["https://a.example"]}}"#, "without scheme and port"),
        (#"{"webhooks":{"secret_files":["a","b","c"]}}"#, "secret_files has 3 files"),
        (#"{"notify":[{"template":"slack"}]}"#, "notify.0: url_file is missing"),
        (#"{"notify":[{"url_file":"f"}]}"#, "notify.0: template is missing (write slack, discord, ntfy"),
        (#"{"notify":[{"url":"https://a.example/pa55word"}]}"#, "known keys: on, template, url_file"),
        (
            #"{"notify":[{"url_file":"f","template":"t","on":["cancelled"]}]}"#,
            "notify.0.on.0: \"cancelled\" is not one of completed, failed, uncertain"
        ),
        (#"{"notify":[{"url_file":"f","template":"t","on":[]}]}"#, "on is empty"),
        (#"{"notify":{"url_file":"f"}}"#, "is not a list"),
        (#"{"provider":{"base_url":"https://u:pa55word@api.example.com"}}"#, "not an http or https URL"),
        (#"{"provider":{"base_url":"https://api.example.com/?key=pa55word"}}"#, "not an http or https URL"),
        (#"{"provider":{"api_key":"pa55word"}}"#, "did you mean api_key_file?"),
        (#"{"provider":{"poll":{"interval":"9s","slowest":"8s"}}}"#, "slowest is shorter than interval"),
        (#"{"provider":null}"#, "nothing is not a mapping"),
        (#"{"submit_wait":null}"#, "nothing is not a duration"),
        (#"{"submit_wait":"301s"}"#, "not from 0s to 5m"),
        (#"{"archive":{"keep":"99999999999999d"}}"#, "is not a duration"),
        (#"{"log":{"level":"loud"}}"#, "not one of trace, debug"),
        (#"{"allowed_hosts":"a"}"#, "is not a list"),
        (#"{"completely":1}"#, "known keys: access, allowed_hosts"),
        ("[]", "a list is not a mapping"),
    ])
    func `a bad file is rejected with a message`(_ json: String, _ message: String) {
        let all = faults(json).joined(separator: "\n")
        #expect(all.contains(message), "\(all)")
        #expect(!all.contains("pa55word"))
    }

    @Test func `the environment overrides the file, and flags override both`() throws {
        let json = #"{"listen":[{"address":"127.0.0.1:1"}],"provider":{"base_url":"http://127.0.0.1:2"}}"#
        let environment = [
            "REELGATE_LISTEN": "127.0.0.1:3", "REELGATE_PROVIDER_BASE_URL": "http://127.0.0.1:4",
            "REELGATE_DATA": "/var/lib/reelgate", "REELGATE_PROVIDER_API_KEY_FILE": "/run/key",
        ]
        var settings = try resolve(json, environment: environment)
        #expect(try settings.listen == [listener("127.0.0.1:3")])
        #expect(settings.provider.baseURL == "http://127.0.0.1:4")
        #expect(settings.provider.apiKeyFile == "/run/key")
        #expect(settings.store.sqlite == "/var/lib/reelgate/reelgate.db")
        #expect(settings.archive.directory == "/var/lib/reelgate/archive")
        settings = try resolve(json, environment: environment, listen: "[::1]:5")
        #expect(try settings.listen == [listener("[::1]:5")])
    }

    @Test func `an empty variable is ignored`() throws {
        #expect(try resolve("{}", environment: ["REELGATE_LISTEN": "", "REELGATE_DATA": ""]) == Settings())
    }

    @Test func `a public URL that restates the address follows it, one of a proxy stays`() throws {
        #expect(try resolve("{}", listen: "127.0.0.1:0").publicURL == nil)
        let behindProxy = #"{"public_url":"https://video.example.com"}"#
        #expect(try resolve(behindProxy, listen: "127.0.0.1:0").publicURL == "https://video.example.com")
        #expect(try resolve(#"{"public_url":null}"#).publicURL == nil)
    }

    @Test(arguments: ["0.0.0.0:8031", "[::]:8031", "192.0.2.1:8031"])
    func `open access beyond loopback is rejected, for any origin of the setting`(_ address: String) {
        let message = "can be reached from other machines"
        #expect(faults(#"{"listen":[{"address":"\#(address)"}]}"#).joined().contains(message))
        #expect(faults("{}", environment: ["REELGATE_LISTEN": address]).joined().contains(message))
        #expect(faults("{}", listen: address).joined().contains(message))
    }

    @Test func `with tokens an address may be reachable from other machines`() throws {
        let json = #"{"listen":[{"address":"0.0.0.0:1"}],"access":{"clients":"tokens"}}"#
        #expect(try resolve(json).access.clients == .tokens)
    }

    @Test func `the operator socket is beside the store`() throws {
        #expect(Settings().operatorSocketPath == "data/operator.sock")
        for (store, path) in [
            ("a.db", "operator.sock"), ("/var/a.db", "/var/operator.sock"),
            ("@x/a.db", "./@x/operator.sock"),
        ] {
            #expect(try resolve(#"{"store":{"sqlite":"\#(store)"}}"#).operatorSocketPath == path)
        }
        #expect(try resolve(#"{"access":{"operator_socket":false}}"#).operatorSocketPath == nil)
    }

    @Test func `a folder that is too long for the operator socket is an error, unless there is none`() throws
    {
        // The path has 107 bytes.
        let longest = "/" + String(repeating: "d", count: 92)
        #expect(faults("{}", environment: ["REELGATE_DATA": longest]) == [])
        let data = ["REELGATE_DATA": longest + "d"]
        let issue = try #require(faults("{}", environment: data).first)
        #expect(issue.contains("longer than 107 bytes") && issue.contains("access.operator_socket: false"))
        #expect(faults(#"{"access":{"operator_socket":false}}"#, environment: data) == [])
    }

    @Test func `a listener that requires certificates may be reachable`() throws {
        let json =
            #"{"listen":[{"address":"0.0.0.0:1","tls":{"certificate":"a","key":"b","client_ca":"c","#
            + #""names":[{"certificate":"d","key":"e"}]}}]}"#
        var tls = TLSSettings(own: CertificateFiles(certificate: "a", key: "b"))
        tls.names = [CertificateFiles(certificate: "d", key: "e")]
        tls.clientAuthorities = "c"
        let settings = try resolve(json)
        #expect(settings.listen.map(\.tls) == [tls])
        #expect(settings.publicURL == nil)
        // Another address does not disable TLS.
        #expect(try resolve(json, listen: "0.0.0.0:2").listen.map(\.tls) == [tls])
    }
}
