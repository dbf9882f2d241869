import HTTPServing
import HTTPWire
import JSONText
import VideoJobs

/// The control API under `/_simulator/`.
extension SimulatedProvider {
    mutating func control(_ path: Substring, _ request: HTTPRequest, at wall: Timestamp) -> HTTPResponse {
        let head = request.head
        switch (head.method, path) {
        case _ where SimulatorRoute(head.path).isEcho: return Self.echo(request.body)
        case ("GET", "/ledger"), ("HEAD", "/ledger"):
            return ledgerResponse(head.query, at: wall + clockOffset)
        case ("POST", "/script"): return respond { () throws(ScriptError) in try setScript(request.body) }
        case ("POST", "/clock"):
            return respond { () throws(ScriptError) in try advanceClock(request.body, wall: wall) }
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
            return image ?? ProviderFault.notFound.response
        default:
            return ProviderFault(405, "method_not_allowed", "GET /_simulator/ lists the calls").response
        }
    }

    private static let guide = """
        The provider's simulator. It implements the provider's API under /v1, requires any Bearer key, and
        offers under /_simulator
          GET    ledger[?limit=N]  every create it received, and counts; "accepted" is what would be billed;
                                   "content_requests": the requests for results, with Range and If-Range
          POST   script            a JSON list of rules, such as
                                   [{"match":{"kind":"create","nth":1},"do":{"status":429,"retry_after":2}}]
                                   match: kind (create, status, content, models), path, prompt, nth,
                                   body (members that a create must send, such as {"model":"…"}),
                                   life_over (only results whose link lives for longer than this)
                                   times: how many calls in a row
                                   do: status, retry_after, delay, hang, garbage, accept, fail,
                                   cut (before, within or after accepting; request: in the middle of it),
                                   unknown_status, completed_without_results, expire_links,
                                   omit_models (a list of ids that the list of models leaves out),
                                   truncate_content (cut: after half of what is sent; short; or a number
                                   of bytes after which it is cut), ignore_range (send results whole),
                                   redirect (the location), byte_delay (the pause between two bytes),
                                   padding (bytes after the response), close,
                                   reply ({"status":200,"fields":{"Name":"value"},"body":"text"}, byte for
                                   byte; "base64" instead of "body")
                                   Variables in the body and fields of a reply and in redirect:
                                   {{task_id}} and {{result_url}} of the ordinary response,
                                   {{authorization}} and {{key}} of the request, which a provider may
                                   reflect; {{key|base64}} encodes the value: base64, hex, percent,
                                   reversed, colons, broken, zero_width, and several in order
          POST   clock             {"advance":"24h"}
          POST   release           sends the responses that a script delays or hangs now
          GET    stream[?events=N&interval=250ms]
                                   a stream of server-sent events (text/event-stream) that ends after
                                   N events of its own, one each interval or all at once; without N
                                   it ends when the simulator does
          POST   stream            sends the body as one event to all open streams, and returns their number;
                                   DELETE stream ends them
          DELETE .                 resets everything; DELETE ledger and DELETE script reset those
          GET    images/1.png      to 3.png: reference images
          any    echo              the request's body

        """

    /// Returns the request's body, padded to five bytes because external test suites expect a body.
    private static func echo(_ body: [UInt8]) -> HTTPResponse {
        let padding = repeatElement(UInt8(ascii: "."), count: max(0, 5 - body.count))
        return .bytes(200, body + padding, type: "application/octet-stream")
    }

    private func ledgerResponse(_ query: String?, at now: Timestamp) -> HTTPResponse {
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

    private mutating func setScript(_ body: [UInt8]) throws(ScriptError) -> HTTPResponse {
        script = try FaultScript(parsing: body)
        return .json(200, JSONValue.object(["rules": .integer(Int64(script.rules.count))]).serialized())
    }

    private mutating func advanceClock(_ body: [UInt8], wall: Timestamp) throws(ScriptError) -> HTTPResponse {
        let request = try JSONCursor(parsing: body)
        guard let (_, interval) = try request.members(["advance"]).first else {
            throw request.error("advance is missing: {\"advance\": \"24h\"}")
        }
        let offset = try clockOffset + interval.duration()
        guard offset <= SimulatedInterval.durationMax else {
            throw interval.error("the clock would be more than a hundred years ahead")
        }
        clockOffset = offset
        return clock(wall)
    }

    private func clock(_ wall: Timestamp) -> HTTPResponse {
        let value: JSONValue = [
            "now": .real((wall + clockOffset).decimalSeconds),
            "ahead": .real(Double(clockOffset.milliseconds) / 1000),
        ]
        return .json(200, value.serialized())
    }

    /// Maps a script error to a response: 400 for invalid JSON, 422 for invalid content.
    private func respond(_ body: () throws(ScriptError) -> HTTPResponse) -> HTTPResponse {
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
