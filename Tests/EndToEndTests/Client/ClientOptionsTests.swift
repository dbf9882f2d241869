import ArgumentParser
import JSONText
import Testing

@testable import Reelgate

/// The options of `reelgate clients`, as the gateway receives them.
@Suite struct ClientOptionsTests {
    private func body(_ arguments: String...) throws -> String {
        let command = try SetClientCommand.parse(["studio"] + arguments)
        return String(decoding: JSONValue.object(command.body).serialized(), as: UTF8.self)
    }

    @Test func `none removes one limit, and the budget`() throws {
        #expect(
            try body("--rpm", "none", "--in-flight", "4")
                == #"{"limits":{"requests_per_minute":null,"in_flight":4}}"#)
        #expect(try body("--jobs-per-day", "none") == #"{"limits":{"jobs_per_day":null}}"#)
        #expect(try body("--budget-usd", "none") == #"{"budget":null}"#)
        #expect(try body("--no-limits", "--weight", "2") == #"{"weight":2,"limits":null}"#)
    }

    @Test(arguments: [
        (["set", "a", "--rpm", "0"], "--rpm 0: a number from 1, or none for no limit"),
        (["add", "a", "--in-flight", "x"], "--in-flight x: a number from 1, or none"),
        (["set", "a", "--weight", "101"], "--weight 101: a number from 1 to 100"),
        (["set", "a", "--no-limits", "--rpm", "2"], "to remove a single limit use --rpm none"),
        (["set", "a", "--no-budget", "--budget-usd", "2", "--per", "day"], "leave one out"),
        (["set", "a", "--budget-usd", "none", "--per", "day"], "leave out --per"),
        (["set", "a", "--budget-usd", "2"], "--budget-usd and --per are given together"),
        (["rotate", "a", "--overlap", "60"], "such as 90s or 24h; did you mean 60s?"),
        (["rotate", "a", "--overlap", "31d"], "whole seconds with a unit, up to 30d"),
    ])
    func `a wrong value names its option and what is allowed`(_ arguments: [String], _ message: String) {
        do {
            _ = try ClientsCommand.parseAsRoot(arguments)
            Issue.record("\(arguments) were accepted")
        } catch {
            let text = ClientsCommand.fullMessage(for: error)
            #expect(text.contains(message), "\(text)")
            #expect(ClientsCommand.exitCode(for: error) == .validationFailure)
        }
    }

    @Test func `a listing shows limits in short`() throws {
        let limited: JSONValue = [
            "object": "client", "name": "studio", "role": "submitter", "created": 0, "weight": 3,
            "limits": ["requests_per_minute": 60, "in_flight": 4, "jobs_per_day": nil],
            "budget": ["microdollars": 50_000_000, "per": "month"],
        ]
        let free: JSONValue = ["object": "client", "name": "b", "role": "operator", "created": 0]
        let clients = try [limited, free].map { try #require(ClientDocument($0)) }
        #expect(
            ClientListing.lines(clients, now: 60) == [
                "CLIENT  ROLE       TOKENS  AGE  LIMITS                                  MODELS",
                "studio  submitter  0       1m   60/min, 4 open, $50.00/month, weight 3  all",
                "b       operator   0       1m   -                                       all",
            ])
    }
}
