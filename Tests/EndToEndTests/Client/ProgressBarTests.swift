import JSONText
import Testing

@testable import Reelgate

@Suite struct ProgressBarTests {
    private let plain = ProgressBar.Style(hasColour: false, hasBlocks: false)

    @Test func `it shows state, share and time in the available columns`() {
        let bar = ProgressBar(label: "running", percent: 42, elapsedSeconds: 31)
        #expect(bar.line(width: 41, style: plain) == "running     #######----------  42%  0:31")
    }

    @Test func `it shows the estimate where there is room, and that a task is slow`() {
        var bar = ProgressBar(label: "running", percent: 42, elapsedSeconds: 31)
        bar.estimatedSeconds = 45
        let wide = bar.line(width: 61, style: plain)
        #expect(wide == "running     #########--------------  42%  0:31 of about 0:45", "\(wide)")
        #expect(bar.line(width: 30, style: plain) == "running     ##----  42%  0:31")
        bar.isSlow = true
        #expect(bar.line(width: 80, style: plain).hasSuffix("  0:31, slow"))
        (bar.isSlow, bar.elapsedSeconds) = (false, 45)
        #expect(bar.line(width: 80, style: plain).hasSuffix("  0:45 of about 0:45"))
        bar.elapsedSeconds = 46
        #expect(bar.line(width: 80, style: plain).hasSuffix("  0:46"))
    }

    @Test(arguments: 0...120)
    func `no width makes it wrap`(_ width: Int) {
        for percent in [0, 7, 100] {
            var bar = ProgressBar(label: "queued #123", percent: percent, elapsedSeconds: 7200)
            #expect(bar.line(width: width, style: plain).count <= max(0, width - 1))
            (bar.estimatedSeconds, bar.isSlow) = (36_000, true)
            #expect(bar.line(width: width, style: plain).count <= max(0, width - 1))
        }
    }

    @Test func `it is full at the end only`() {
        let blocks = ProgressBar.Style(hasColour: false, hasBlocks: true)
        let almost = ProgressBar(label: "archiving", percent: 99, elapsedSeconds: 1).line(
            width: 80, style: blocks)
        #expect(almost.contains("█") && almost.contains("░"))
        let done = ProgressBar(label: "completed", percent: 100, elapsedSeconds: 1).line(
            width: 80, style: blocks)
        #expect(!done.contains("░"))
    }

    @Test(arguments: [
        (0, "0:00"), (9, "0:09"), (61, "1:01"), (3599, "59:59"), (3600, "1:00:00"), (36061, "10:01:01"),
        (-5, "0:00"),
    ])
    func `time is formatted for people`(_ seconds: Int64, _ text: String) {
        let line = ProgressBar(label: "running", percent: 0, elapsedSeconds: seconds).line(
            width: 80, style: plain)
        #expect(line.hasSuffix(" \(text)"))
    }

    @Test func `colour shows the outcome and takes no columns`() {
        let coloured = ProgressBar.Style(hasColour: true, hasBlocks: false)
        let outcomes: [(ProgressBar.Outcome, String)] = [(.open, "36"), (.good, "32"), (.bad, "31")]
        for (outcome, code) in outcomes {
            let bar = ProgressBar(label: "x", percent: 50, elapsedSeconds: 0, outcome: outcome)
            let line = bar.line(width: 60, style: coloured)
            let bare = line.replacing("\u{1B}[\(code)m", with: "").replacing("\u{1B}[0m", with: "")
            #expect(bare == bar.line(width: 60, style: plain) && bare != line)
        }
    }

    @Test func `the environment selects colour and block characters`() {
        let usual = ProgressBar.Style(["TERM": "xterm", "LANG": "en_GB.UTF-8"])
        #expect(usual == ProgressBar.Style(hasColour: true, hasBlocks: true))
        #expect(!ProgressBar.Style(["NO_COLOR": "1"]).hasColour)
        #expect(ProgressBar.Style(["NO_COLOR": ""]).hasColour)
        #expect(!ProgressBar.Style(["TERM": "dumb"]).hasColour)
        #expect(!ProgressBar.Style(["LC_ALL": "C", "LANG": "en_GB.UTF-8"]).hasBlocks)
    }

    @Test func `the bar of a task shows its queue position and stops its clock at the end`() throws {
        let queued = try #require(
            TaskReport(ExampleTask.task(state: "queued", status: "pending", position: 3)))
        #expect(
            ProgressBar(queued, now: ExampleTask.created + 65)
                == ProgressBar(label: "queued #3", percent: 42, elapsedSeconds: 65))
        let failed = try #require(TaskReport(ExampleTask.task(state: "failed", status: "failed")))
        #expect(
            ProgressBar(failed, now: ExampleTask.created + 9999)
                == ProgressBar(label: "failed", percent: 42, elapsedSeconds: 9, outcome: .bad))
    }
}
