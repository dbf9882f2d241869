import FoundationEssentials
import JSONText
import ProcessTestSupport
import TestSupport
import Testing

/// The published JSON Schema and the gateway accept the same jobs, according to an independent validator:
/// jsonschema from PyPI.
@Suite(.timeLimit(.minutes(5))) struct SchemaAgreementTests {
    /// Parameters of every kind, with the limits that the shipped catalog does not use.
    private static let catalog = """
        models:
          - id: mine
            mode: any
            parameters:
              - title: {type: string}
              - note: {type: string, nullable: true, max_length: 2000}
              - image: {type: url}
              - images: {type: url_list}
              - few: {type: url_list, max_items: 2, nullable: true}
              - count: {type: integer, min: 1}
              - most: {type: integer, max: 6, nullable: true}
              - size: {type: integer, allowed: [4, 6, 8], nullable: true}
              - tone: {type: string, allowed: [4k, 8], nullable: true}
              - flag: {type: boolean, nullable: true}
            rules:
              - when: {flag: true}
                then: {size: 8, tone: [4k]}

        """.replacing("allowed: [4k, 8]", with: "allowed: [4k, \"8\"]")

    private static let validator = """
        import decimal, json, sys
        from jsonschema import Draft202012Validator

        def number(text):
            value = decimal.Decimal(text)
            return int(value) if value == value.to_integral_value() else value

        models = json.load(open(sys.argv[1]))["data"]
        validators = {model["id"]: Draft202012Validator(model["parameters"]) for model in models}
        for line in open(sys.argv[2], encoding="utf-8"):
            name, job = line.split("\\t", 1)
            print(int(validators[name].is_valid(json.loads(job, parse_float=number))))
        """

    @Test(arguments: [nil, catalog]) func `schema and gateway agree on every job`(
        _ catalog: String?
    ) async throws {
        let fixture = try await EndToEndFixture()
        let config = try fixture.writeConfiguration()
        if let catalog { _ = try fixture.folder.write(catalog, to: "models.yaml") }
        let program = try fixture.startGateway(config: config)
        let response = try await Curl.get("\(try await program.listeningAddress())/v1/models")
        let models = try fixture.folder.write(response.text, to: "published.json")
        let random = SeededRandom(seed: .random(in: 0 ... .max))
        let jobs = try response.json()["data"]?.array?.flatMap { model in
            var texts = JobTexts(model: model, random: random)
            return (0..<(catalog == nil ? 60 : 600)).map { _ in (id: texts.id, text: texts.next()) }
        }
        let made = try #require(jobs)
        let lines = try fixture.folder.write(made.map { "\($0.id)\t\($0.text)\n" }.joined(), to: "jobs.txt")
        let validated = try await Tools.run(
            PythonPrograms.pythonOrSystem, ["-c", Self.validator, models, lines])
        try #require(validated.status == 0, "\(validated.errors)")
        let taken = try await accepted(made.map(\.text), config, fixture.folder)
        #expect(validated.lines.count == made.count)
        for (index, (verdict, isTaken)) in zip(validated.lines, taken).enumerated() {
            let text = made[index].text.prefix(300)
            #expect((verdict == "1") == isTaken, "seed \(random.seed), schema \(verdict): \(text)")
        }
        // Both verdicts occur.
        #expect(taken.count { $0 } > made.count / 10)
        #expect(taken.count { !$0 } > made.count / 10)
    }

    /// Returns which jobs `reelgate check` accepts.
    private func accepted(_ jobs: [String], _ config: String, _ folder: ScratchFolder) async throws -> [Bool]
    {
        for (index, job) in jobs.enumerated() { _ = try folder.write(job, to: "jobs/\(index).json") }
        let names = jobs.indices.map { "jobs/\($0).json" }
        let checked = try await Tools.run(
            "reelgate", ["check", "--config", config] + names, folder: folder.path)
        let faulty = Set(checked.errors.split(separator: "\n").map { $0.prefix { $0 != ":" } })
        return names.map { !faulty.contains($0[...]) }
    }
}
