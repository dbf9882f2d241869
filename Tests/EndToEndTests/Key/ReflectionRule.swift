import Foundation

/// A fault rule of the simulator whose replies contain the key.
struct ReflectionRule {
    /// The text of the job's prompt, which the rule matches.
    let prompt: String
    let json: String

    private init(_ kind: String, _ number: Int, _ actions: String, nth: Int? = nil) {
        prompt = "\(kind) \(number)."
        let call = nth.map { #", "nth": \#($0)"# } ?? ""
        json = #"{"match": {"kind": "\#(kind)", "prompt": "\#(prompt)"\#(call)}, "do": \#(actions)}"#
    }

    /// An error in the provider's own format.
    private static let error = #"""
        {"error": {"message": "\#(KeyCanaryHarness.reflection)", "type": "{{key}}", "code": "{{key|hex}}",
         "param": "{{key}}"}, "request_id": "{{key}}"}
        """#
    private static func error(_ message: String) -> String {
        #"{"error": {"message": "\#(message)", "type": "t", "code": "c"}, "request_id": "r"}"#
    }

    private static let page = "<html><title>{{key}}</title><body>\(KeyCanaryHarness.reflection)</body></html>"
    /// Fields that the gateway reads, or that others reflect.
    private static let fields = #"""
        {"X-Request-Id": "{{key}}", "X-Oneapi-Request-Id": "{{key|hex}}", "Retry-After": "{{key}}",
         "Date": "{{key}}", "Content-Type": "text/{{key|hex}}", "WWW-Authenticate": "{{authorization}}",
         "Set-Cookie": "k={{key|base64}}", "Location": "/{{key|percent}}", "Server": "{{key}}"}
        """#

    private static func reply(_ status: Int, _ body: String, fields: String = "{}") -> String {
        let text = body.replacing("\n", with: " ").replacing("\\", with: "\\\\").replacing(
            "\"", with: "\\\"")
        return #"{"reply": {"status": \#(status), "body": "\#(text)", "fields": \#(fields)}}"#
    }

    /// Replies to a create that do not pause submission.
    static func creates(other host: String) -> [ReflectionRule] {
        var actions = [400, 404, 409, 413, 415, 422, 500, 502, 504].map { reply($0, error) }
        actions += [400, 422, 500, 200].map { reply($0, page) }
        actions += [422, 500, 200].map { reply($0, error, fields: fields) }
        actions += [301, 302, 303, 307, 308].map {
            #"{"status": \#($0), "redirect": "\#(host)/{{key|percent}}?k={{key|hex}}"}"#
        }
        actions.append(#"{"redirect": "/v1/{{key|percent}}"}"#)
        actions.append(reply(422, error, fields: #"{"Content-Encoding": "{{key|hex}}"}"#))
        actions.append(reply(200, error, fields: #"{"Content-Encoding": "gzip"}"#))
        for form in KeyCanaryHarness.disguises {
            actions.append(reply(422, error(form)))
            actions.append(reply(200, "<p>\(form)</p>"))
        }
        let ids = [
            #"{"id": "{{key}}"}"#, #"{"id": "{{key|reversed}}"}"#, #"{"id": "{{key|hex|colons}}"}"#,
            #"{"id": "{{key|hex}}"}"#, #"{"id": "task-{{authorization|base64}}"}"#,
            #"{"id": "{{key|percent}}"}"#, #"{"id": "a-{{key}}", "task_id": "b-{{key}}"}"#,
            #"{"message": "see task-unified-{{key}} and task-unified-{{key|hex}}"}"#,
        ]
        actions += ids.map { reply(200, $0) }
        actions.append(
            reply(
                200,
                #"""
                {"id": "{{task_id}}", "status": "{{key}}", "model": "{{key}}", "progress": "{{key}}",
                 "usage": {"{{key}}": ["{{authorization|base64}}", {"{{key|hex}}": "{{key|percent}}"}]},
                 "task_info": {"estimated_time": "{{key}}"}, "error": {"message": "{{authorization}}"},
                 "results": ["\#(host)/{{key|percent}}", {"url": "\#(host)/?k={{key|base64}}"}]}
                """#))
        return actions.enumerated().map { ReflectionRule("create", $0, $1) }
    }

    /// Replies to polls.
    static func polls(other host: String) -> [ReflectionRule] {
        var actions = [401, 402, 403, 404, 422, 429, 500, 503].map { reply($0, error) }
        actions += [200, 404, 502].map { reply($0, page) }
        actions += [200, 401, 429].map { reply($0, error, fields: fields) }
        actions.append(#"{"status": 302, "redirect": "\#(host)/?k={{key|hex}}"}"#)
        actions.append(reply(200, error, fields: #"{"Content-Encoding": "{{key|hex}}"}"#))
        let reflection = KeyCanaryHarness.reflection
        actions += KeyCanaryHarness.disguises.map { reply(500, error($0)) }
        let members = [
            #""status": "failed", "error": {"code": "{{key|hex|colons}}", "message": "{{key|zero_width}}"}"#,
            #""status": "completed", "results": ["\#(host)/{{key|reversed}}.mp4"]"#,
            #""status": "{{key}}", "message": "{{authorization|base64}}""#,
            #""status": "failed", "error": {"code": "{{key}}", "message": "\#(reflection)"}"#,
            #""status": "failed", "message": "\#(reflection)""#,
            #""status": "cancelled", "fail_reason": "{{authorization}}""#,
            #""status": "completed", "note": "{{authorization|base64}}""#,
            #""status": "completed", "results": ["{{key}}", "ftp://{{key}}/", "data:{{key|hex}}"]"#,
            #""status": "completed", "results": ["\#(host)/{{key|percent}}.mp4", "/v/?k={{key|base64}}"]"#,
            #""status": "completed", "results": [{"url": "http://{{key|percent}}@127.0.0.1:1/v.mp4"}]"#,
            #""status": "processing", "usage": {"{{key}}": "{{key|percent}}"}, "progress": "{{key}}""#,
        ]
        actions += members.map { reply(200, "{\"id\": \"{{task_id}}\", \($0)}") }
        actions.append(reply(200, #"{"id": "{{key}}", "status": "completed"}"#))
        return actions.enumerated().map { ReflectionRule("status", $0, $1) }
    }

    /// Replies to downloads. The first response is a refusal, so that the second request has the key.
    static func downloads(other host: String) -> [ReflectionRule] {
        // A picture, which has no structure that the archive verifies.
        let picture = Data([0xFF, 0xD8, 0xFF, 0xE0] + Array("{{key}}".utf8) + [0xFF, 0xD9])
        var actions = [200, 203, 403, 404, 410, 429, 500].map { reply($0, page, fields: fields) }
        actions += [
            #"{"reply": {"status": 200, "base64": "\#(picture.base64EncodedString())"}}"#,
            reply(200, String(repeating: "x", count: 70_000) + "{{authorization|base64}}"),
            reply(200, page, fields: #"{"Content-Encoding": "{{key|hex}}"}"#),
            #"{"redirect": "\#(host)/{{key|percent}}.mp4"}"#,
            #"{"redirect": "\#(host)/v.mp4?k={{key|base64}}"}"#,
            #"{"redirect": "http://{{key|hex}}/v.mp4"}"#,
            #"{"redirect": "http://{{key|percent}}@\#(host.dropFirst("http://".count))/v.mp4"}"#,
            #"{"redirect": "/results/{{key|percent}}.mp4"}"#,
            #"{"redirect": "{{key}}:x"}"#,
        ]
        return actions.enumerated().flatMap { number, actions in
            let refusal = #"{"status": \#([401, 403, 404][number % 3])}"#
            return [
                ReflectionRule("content", number, refusal, nth: 1),
                ReflectionRule("content", number, actions),
            ]
        }
    }

    /// Replies that pause submission.
    static let pauses = [401, 402, 403, 429, 503].map { status in
        ReflectionRule("create", status, reply(status, error, fields: fields))
    }

    /// Replies to the poll of an adopted task, whose ID is `adopted-` and the index.
    static let adoptions = [
        reply(401, error), reply(404, error), reply(500, page), reply(200, page),
        reply(200, #"{"id": "adopted-4.", "status": "{{key}}", "error": "{{authorization}}"}"#),
        reply(200, #"{"id": "adopted-5.", "status": "failed", "error": "{{authorization}}"}"#),
    ].enumerated().map { number, actions in
        #"{"match": {"kind": "status", "path": "/adopted-\#(number)."}, "do": \#(actions)}"#
    }
}
