import ArgumentParser

@main
struct Reelgate: AsyncParsableCommand {
    func run() async throws {
        print(PackageResources.reelgate_yaml.count)
    }
}
