import FoundationEssentials
import JSONText
import ProcessTestSupport
import Testing

@testable import Reelgate

/// The names of output files, which may have fields of the task.
@Suite struct OutputNameTests {
    /// A task of 2025-09-05 with a prompt and a model.
    private func task(prompt: String = "A woman", model: String = "veo-3.1") throws -> TaskReport {
        let json = try JSONValue(
            parsing: Array(
                """
                {"id":"task-rg-1","created":1757030400,"model":"\(model)","status":"completed",
                 "gateway":{"state":"completed"}}
                """.utf8))
        var members = try #require(json.object)
        var gateway = try #require(json["gateway"]?.object)
        gateway["prompt"] = .string(prompt)
        members["gateway"] = .object(gateway)
        return try #require(TaskReport(.object(members)))
    }

    @Test(arguments: [
        ("video.mp4", "video.mp4"),
        ("{date}-{model}-{prompt:30}-{id}.mp4", "2025-09-05-veo-3.1-A-woman-task-rg-1.mp4"),
        ("out/{id}.mp4", "out/task-rg-1.mp4"),
        ("{prompt:1}", "A"),
        ("{prompt:3}.mp4", "A-w.mp4"),
        ("{prompt:2}.mp4", "A.mp4"),
        ("{{{id}}}.mp4", "{task-rg-1}.mp4"),
        ("a{{b}}", "a{b}"),
    ])
    func `fields are replaced by the task's values`(_ pattern: String, _ path: String) throws {
        let name = try OutputName(pattern)
        #expect(try name.path(for: task()) == path)
    }

    @Test func `a name fits the file system although one character has hundreds of bytes`() throws {
        let marks = try task(prompt: "a" + String(repeating: "\u{301}", count: 300))
        for pattern in ["{prompt}.mp4", "{prompt:1}.mp4", "{prompt}-{prompt}-{id}.mp4"] {
            let path = try OutputName(pattern).path(for: marks)
            #expect(path.utf8.count <= 200 && path.utf8.first == UInt8(ascii: "a") && path.hasSuffix(".mp4"))
        }
    }

    @Test(arguments: [
        ("v.mp4", "."), ("a/b/v.mp4", "a/b"), ("a/{id}.mp4", "a"), ("{id}.mp4", "."),
        ("/x/{date}-{id}", "/x"),
        ("{date}/{id}.mp4", nil), ("a/{model}/v.mp4", nil), ("a/b{id}", "a"),
    ])
    func `the folder is known before money is spent, unless it depends on the task`(
        _ pattern: String, _ folder: String?
    ) throws {
        #expect(try OutputName(pattern).knownFolder == folder)
    }

    @Test(arguments: [
        ("{", "not closed"), ("{id", "not closed"), ("id}", "not closed"), ("{}", "no field {}"),
        ("{name}", "no field {name}; the fields are {date} {id} {model} {prompt} {prompt:30}"),
        ("{prompt:0}", "from 1 to 200"), ("{prompt:}", "from 1 to 200"), ("{prompt:x}", "from 1 to 200"),
        ("", "the name is empty"), ("-", "not written to standard output"), ("{id:201}", "from 1 to 200"),
        ("{ID}", "no field {ID}"), ("{id }", "no field"),
    ])
    func `a name that cannot be understood is named`(_ pattern: String, _ words: String) {
        let issue = #expect(throws: SettingValueError.self) { try OutputName(pattern) }
        #expect(issue?.message.contains(words) == true, "\(issue?.message ?? "")")
    }

    @Test(arguments: [
        ("../../etc/passwd", "etc-passwd"), ("..", "untitled"), (".hidden", "hidden"), ("", "untitled"),
        ("a/b", "a-b"), ("a\u{0}b\nc", "a-b-c"), ("$(rm -rf ~)`x`", "rm-rf-x"), ("Größe: 3 µm", "Größe-3-µm"),
        ("-v", "v"), ("a...", "a"), ("🎬", "untitled"), ("a. .b", "a.-b"), ("{id}", "id"),
    ])
    func `a prompt can neither name a folder nor hide a file`(_ prompt: String, _ value: String) throws {
        let name = try OutputName("{prompt}.mp4")
        #expect(try name.path(for: task(prompt: prompt)) == "\(value).mp4")
    }

    @Test(arguments: ["a", "ä", "字"]) func `a long name is shortened until the file system accepts it`(
        _ letter: String
    ) throws {
        let prompt = String(repeating: letter, count: 200)
        let name = try OutputName("some/folder/{prompt}-{id}-{prompt:150}.mp4")
        let path = try name.path(for: task(prompt: prompt, model: "google/veo"))
        let last = try #require(path.split(separator: "/").last)
        #expect(path.hasPrefix("some/folder/\(letter)") && last.hasSuffix(".mp4"))
        #expect((150...200).contains(last.utf8.count), "\(last.utf8.count)")
    }

    @Test func `a file that exists is an issue, unless it is to be replaced`() throws {
        let folder = try ScratchFolder()
        let path = folder.path + "/v.mp4"
        func issue(_ overwrites: Bool, _ hasSidecar: Bool = true, _ name: String = path) throws -> String? {
            try VideoOutput(name: OutputName(name), overwrites: overwrites, hasSidecar: hasSidecar).issue
        }
        #expect(try issue(false) == nil)
        #expect(FileManager.default.createFile(atPath: path + ".json", contents: nil))
        #expect(try issue(false) == "\(path).json exists; give another name, or --overwrite to replace it")
        #expect(try issue(false, false) == nil)
        #expect(FileManager.default.createFile(atPath: path, contents: nil))
        #expect(try issue(false)?.hasPrefix("\(path) exists") == true)
        #expect(try issue(true) == nil)
        // Only the task decides its name.
        #expect(try issue(false, true, folder.path + "/{id}.mp4") == nil)
    }

    @Test func `the options are repeated as a shell reads them`() throws {
        func arguments(_ name: String, _ isAll: Bool = false) throws -> String {
            try VideoOutput(name: OutputName(name), overwrites: isAll, hasSidecar: isAll).arguments
        }
        #expect(try arguments("a/v-1.mp4") == " --output a/v-1.mp4")
        #expect(try arguments("{id}.mp4") == " --output '{id}.mp4'")
        #expect(try arguments("it's", true) == " --output 'it'\\''s' --overwrite --sidecar")
    }
}
