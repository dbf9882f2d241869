import HTTPServing
import Testing

@Suite struct RouterTests {
    private let router: Router<String> = {
        var router = Router<String>()
        router.add("GET", "/", "home")
        router.add("GET", "/v1/tasks", "list")
        router.add("POST", "/v1/tasks", "create")
        router.add("GET", "/v1/tasks/{id}", "task")
        router.add("GET", "/v1/tasks/latest", "latest")
        router.add("GET", "/v1/tasks/{task}/content", "content")
        router.add("GET", "/v1/{kind}/{name}/of/{owner}", "three")
        return router
    }()

    @Test(arguments: [
        ("/", "home"), ("/v1/tasks", "list"), ("/v1/tasks/latest", "latest"), ("/v1/tasks/x", "task"),
        ("/v1/tasks/x/content", "content"), ("/v1/tasks/latest/content", "content"),
    ])
    func `a path finds its route, the literal one first`(_ path: String, _ expected: String) throws {
        guard case .found(let route, _) = router.find("GET", path) else {
            return #expect(Bool(false), "\(router.find("GET", path))")
        }
        #expect(route == expected)
    }

    @Test(arguments: [
        "", "*", "v1/tasks", "/v1", "/v1/tasks/", "//", "/v1/tasks//content", "/v1/tasks/x/y", "/V1/tasks",
    ])
    func `another path finds nothing`(_ path: String) {
        guard case .notFound = router.find("GET", path) else {
            return #expect(Bool(false), "\(path): \(router.find("GET", path))")
        }
    }

    @Test func `parameters are decoded and found by their name`() {
        guard case .found("three", let parameters) = router.find("GET", "/v1/a%2Fb/%C3%BC/of/c+d") else {
            return #expect(Bool(false))
        }
        #expect([parameters["kind"], parameters["name"], parameters["owner"]] == ["a/b", "ü", "c+d"])
    }

    @Test(arguments: ["%", "%4", "%zz", "%C3", "%FF", "a%00b", "%+1"])
    func `invalid percent-encoding is an error`(_ name: String) {
        guard case .badEncoding = router.find("GET", "/v1/tasks/\(name)") else {
            return #expect(Bool(false), "\(name): \(router.find("GET", "/v1/tasks/\(name)"))")
        }
    }

    @Test func `another method gets the list of methods`() {
        guard case .wrongMethod(let allow) = router.find("DELETE", "/v1/tasks") else {
            return #expect(Bool(false))
        }
        #expect(allow == "GET, HEAD, OPTIONS, POST")
        guard case .options(let same) = router.find("OPTIONS", "/v1/tasks") else {
            return #expect(Bool(false))
        }
        #expect(same == allow)
        guard case .options = router.find("OPTIONS", "*") else { return #expect(Bool(false)) }
    }

    @Test func `HEAD matches GET routes, and no others`() {
        guard case .found("list", _) = router.find("HEAD", "/v1/tasks") else { return #expect(Bool(false)) }
        var posts = Router<String>()
        posts.add("POST", "/p", "p")
        guard case .wrongMethod("OPTIONS, POST") = posts.find("HEAD", "/p") else {
            return #expect(Bool(false))
        }
    }
}
