/// The faults of the simulator's script, except for statuses.
enum ScriptedFaults {
    static var rows: [FaultRow] {
        let lost: [(String, String, Int)] = [
            ("cut before it was accepted", #""cut":"before""#, 0),
            ("cut inside the head of a 2xx", #""cut":"within""#, 1),
            ("cut after it was accepted", #""cut":"after""#, 1),
            ("200 and a page of HTML", #""garbage":true"#, 1),
            ("200 with an id and a gigabyte of spaces", #""padding":1073741824"#, 1),
        ]
        let late: [(String, String)] = [
            ("hangs past the time limit after it was accepted", #""hang":true"#),
            ("a response that comes byte by byte past the time limit", #""byte_delay":"100ms""#),
            ("a response that comes after the time limit", #""delay":"5s""#),
        ]
        let well: [(String, String)] = [
            ("a response that comes byte by byte in time", #""byte_delay":"1ms""#),
            ("a response that comes late but in time", #""delay":"300ms""#),
            ("a connection closed in order after the response", #""close":true"#),
        ]
        return lost.map {
            FaultRow(fault: $0, provider: .script($1), expected: .unknown(1, accepted: $2))
        }
            + late.map {
                FaultRow(
                    fault: $0, provider: .script($1), limits: .short, expected: .unknown(1, accepted: 1))
            }
            + well.map { FaultRow(fault: $0, provider: .script($1), expected: .accepted()) } + onKept
    }

    /// Faults on a reused connection.
    private static var onKept: [FaultRow] {
        let second = #"[{"match":{"kind":"create","nth":2},"do":"#
        return [
            FaultRow(
                fault: "a kept connection cut before the job was accepted",
                provider: .ownScript(second + #"{"cut":"before"}}]"#), followsAnother: true,
                expected: .unknown(2, accepted: 1)),
            FaultRow(
                fault: "a kept connection cut after the job was accepted",
                provider: .ownScript(second + #"{"cut":"after"}}]"#), followsAnother: true,
                expected: .unknown(2, accepted: 2)),
            FaultRow(
                fault: "a fresh connection cut in the middle of the request",
                provider: .ownScript(#"[{"match":{"kind":"create","nth":1},"do":{"cut":"request"}}]"#),
                expected: .unknown(1, accepted: 0)),
        ]
    }
}
