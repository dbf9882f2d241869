import HTTPServing
import HTTPWire
import JSONText
import VideoJobs

/// The simulator's own calls, under `/_simulator/`.
extension SimulatedProvider {
    mutating func control(_ path: Substring, _ request: HTTPRequest, at wall: Timestamp) -> HTTPResponse {
        let head = request.head
        switch (head.method, path) {
        case _ where SimulatorRoute(head.path).isEcho: return Self.echo(request.body)
        case ("GET", "/ledger"), ("HEAD", "/ledger"): return showLedger(head.query, at: wall + ahead)
        case ("POST", "/script"): return answering { () throws(ScriptError) in try takeScript(request.body) }
        case ("POST", "/clock"):
            return answering { () throws(ScriptError) in try moveClock(request.body, wall: wall) }
        case ("GET", "/clock"): return clock(wall)
        case ("DELETE", ""), ("DELETE", "/"):
            reset()
            return .json(200, Array(#"{"reset":"everything"}"#.utf8))
        case ("DELETE", "/ledger"):
            ledger = SimulatorLedger(limits)
            return .json(200, Array(#"{"reset":"ledger"}"#.utf8))
        case ("DELETE", "/script"):
            script = FaultScript()
            return .json(200, Array(#"{"reset":"script"}"#.utf8))
        case ("GET", ""), ("GET", "/"), ("HEAD", ""), ("HEAD", "/"):
            return .bytes(200, Array(Self.guide.utf8), type: "text/plain; charset=utf-8")
        case ("GET", _), ("HEAD", _):
            let image =
                path.hasPrefix("/images/") ? SimulatedMedia.image(path.dropFirst("/images/".count)) : nil
            return image ?? ProviderFault.noSuchPlace.response
        default:
            return ProviderFault(405, "method_not_allowed", "GET /_simulator/ tells what there is").response
        }
    }

    private static let guide = """
        The provider's simulator. It answers as the provider does under /v1, wants any Bearer key, and
        has under /_simulator
          GET    ledger[?limit=N]  every create it received, and counts; "accepted" is what would be billed
          POST   script            a JSON list of rules, such as
                                   [{"match":{"kind":"create","nth":1},"do":{"status":429,"retry_after":2}}]
                                   match: kind (create, status, content), path, prompt, nth,
                                   body (members that a create must send, such as {"model":"…"})
                                   times: how many calls in a row
                                   do: status, retry_after, delay, hang, garbage, accept, fail,
                                   cut (before, within or after accepting; request: in the middle of it),
                                   unknown_status, completed_without_results, expire_links,
                                   truncate_content (cut, short), redirect (where to), drip (the pause
                                   between two bytes), flood (bytes behind the answer), close,
                                   reply ({"status":200,"fields":{"Name":"value"},"body":"text"}, byte for
                                   byte; "base64" in place of "body"; in it {{task_id}} and {{result_url}}
                                   stand for what the ordinary answer says)
          POST   clock             {"advance":"24h"}
          POST   release           sends the answers that a script delays or hangs now
          GET    stream[?events=N&interval=250ms]
                                   a stream of server-sent events (text/event-stream) that ends after
                                   N events of its own, one each interval or all at once; without N
                                   it ends when the simulator does
          POST   stream            sends the body as one event to all open streams, and says to how many;
                                   DELETE stream ends them
          DELETE .                 forgets everything; DELETE ledger and DELETE script forget those
          GET    images/1.png      to 3.png: reference images
          any    echo              the request's body

        """

    /// At least five bytes: outside suites look for a body.
    private static func echo(_ body: [UInt8]) -> HTTPResponse {
        let padding = repeatElement(UInt8(ascii: "."), count: max(0, 5 - body.count))
        return .bytes(200, body + padding, type: "application/octet-stream")
    }

    private func showLedger(_ query: String?, at now: Timestamp) -> HTTPResponse {
        var limit = Int.max
        if let query {
            guard query.hasPrefix("limit="), let number = Int(query.dropFirst("limit=".count)), number >= 0
            else {
                return ProviderFault(422, "invalid_parameters", "the only parameter is limit=N").response
            }
            limit = number
        }
        return .json(200, ledger.json(limit: limit, tasks: tasks, script: script, now: now))
    }

    private mutating func takeScript(_ body: [UInt8]) throws(ScriptError) -> HTTPResponse {
        script = try FaultScript(parsing: body)
        return .json(200, JSONValue.object(["rules": .integer(Int64(script.rules.count))]).serialized())
    }

    private mutating func moveClock(_ body: [UInt8], wall: Timestamp) throws(ScriptError) -> HTTPResponse {
        let order = try JSONCursor(parsing: body)
        guard let (_, interval) = try order.members(["advance"]).first else {
            throw order.fault("say how far: {\"advance\": \"24h\"}")
        }
        let further = try ahead + interval.duration()
        guard further <= SimulatedInterval.longest else {
            throw interval.fault("the clock would run more than a hundred years ahead")
        }
        ahead = further
        return clock(wall)
    }

    private func clock(_ wall: Timestamp) -> HTTPResponse {
        let value: JSONValue = [
            "now": .real((wall + ahead).decimalSeconds), "ahead": .real(Double(ahead.milliseconds) / 1000),
        ]
        return .json(200, value.serialized())
    }

    /// What an order answers: where it is wrong, 400 for what is no JSON and 422 for what it says.
    private func answering(_ body: () throws(ScriptError) -> HTTPResponse) -> HTTPResponse {
        do throws(ScriptError) {
            return try body()
        } catch {
            guard let pointer = error.pointer else {
                return ProviderFault(400, "bad_request", error.message).response
            }
            return ProviderFault(422, "invalid_parameters", error.message, param: pointer).response
        }
    }
}
