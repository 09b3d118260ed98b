"""The rule of addresses at the edge, run as it is deployed: every address of the application is answered, and rightly."""

import fnmatch
import json
import re
import subprocess
import unittest

import templates
from templates import ROOT

EDGE = templates.load()["60-edge"]["Resources"]
CODE = EDGE["Addresses"]["Properties"]["FunctionCode"]
CONFIG = EDGE["Distribution"]["Properties"]["DistributionConfig"]


def ask(requests):
    """What the function makes of requests: (address, accept-encoding)."""
    script = CODE + """
      const asked = JSON.parse(require('fs').readFileSync(0, 'utf8'));
      const answers = asked.map(([uri, encoding]) => handler({
        viewer: { ip: '192.0.2.7' },
        request: { uri, headers: encoding ? { 'accept-encoding': { value: encoding } } : {} },
      }));
      console.log(JSON.stringify(answers));
    """
    done = subprocess.run(["node", "--eval", script], input=json.dumps(requests), capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def origin(uri):
    """Where the distribution sends an address: the first pattern that fits."""
    for one in CONFIG["CacheBehaviors"]:
        if fnmatch.fnmatchcase(uri, one["PathPattern"]):
            return one["TargetOriginId"]
    return CONFIG["DefaultCacheBehavior"]["TargetOriginId"]


class Addresses(unittest.TestCase):
    def addresses_of_the_application(self):
        code = (ROOT / "frontend/src/route.rs").read_text()
        path = code[code.index("pub fn path(self)"):code.index("pub fn from_path")]
        found = re.findall(r'"(/[^"]*)"', path)
        self.assertGreater(len(found), 15)
        return [re.sub(r"\{[^}]*\}", "01J0000000000000000000000A", address) for address in found]

    def pages(self):
        return {file.name for file in (ROOT / "frontend").glob("*.html")}

    def test_every_address_of_the_application_shows_a_page_of_the_site(self):
        addresses = self.addresses_of_the_application()
        for address, answer in zip(addresses, ask([[address, None] for address in addresses])):
            self.assertEqual(origin(address), "site", address)
            self.assertIn(answer["uri"].removeprefix("/"), self.pages(), address)

    def test_every_page_of_the_site_has_its_address(self):
        plain = self.pages() - {"index.html"}
        answers = ask([["/" + name.removesuffix(".html"), None] for name in sorted(plain)])
        shown = {answer["uri"].removeprefix("/") for answer in answers}
        programs = set(re.findall(r"'/(\w+\.html)'", CODE[CODE.index("const PROGRAMS"):CODE.index("const APPLICATION")]))
        self.assertEqual((shown | programs) - {"index.html"}, plain | programs)
        self.assertEqual(programs - self.pages(), set())

    def test_each_program_has_the_addresses_that_the_site_gives_it(self):
        given = json.loads((ROOT / "frontend/programs.json").read_text())
        asked = [(page, "/" + pattern.replace("*", "01J0000000000000000000000A")) for page, patterns in given.items() for pattern in patterns]
        asked += [(page, address + "/more") for page, address in asked]
        # What only resembles them stays the application's.
        asked += [("index.html", address) for address in ("/", "/patients", "/patients/01J0000000000000000000000A", "/patients/x/y/edit", "/askew")]
        answers = ask([[address, None] for _, address in asked])
        self.assertEqual([(answer["uri"].removeprefix("/"), address) for (_, address), answer in zip(asked, answers)], asked)

    def test_files_stay_files(self):
        files = ["/app-0123456789abcdef.wasm", "/snippets/a/inline0.js", "/icon-0123456789abcdef.svg"]
        for file, answer in zip(files, ask([[file, None] for file in files])):
            self.assertEqual(answer["uri"], file)

    def test_what_was_compressed_is_sent_so_to_whom_takes_it(self):
        code = (ROOT / "xtask/src/web/compress.rs").read_text()
        endings = re.findall(r'"(\w+)"', re.search(r"matches!\(kind, (.*?)\)", code, re.S).group(1))
        asked = [[f"/a.{ending}", "gzip, deflate, br"] for ending in endings]
        self.assertEqual([answer["uri"] for answer in ask(asked)], [f"/a.{ending}.br" for ending in endings])
        rest = [["/a.png", "br"], ["/a.js", "gzip"], ["/a.js", None], ["/a.js", "brotli"]]
        self.assertEqual([answer["uri"] for answer in ask(rest)], [uri for uri, _ in rest])
        self.assertEqual(ask([["/patients", "br"]])[0]["uri"], "/index.html.br")

    def test_the_portal_has_its_own_bucket_and_the_application_keeps_its_pages_about_it(self):
        moved, top, page, version = ask([[uri, "br"] for uri in ("/portal", "/portal/", "/portal/about.html", "/portal/versions/about/")])
        self.assertEqual((moved["statusCode"], moved["headers"]["location"]["value"]), (301, "/portal/"))
        self.assertEqual([one["uri"] for one in (top, page, version)],
                         ["/portal/index.html", "/portal/about.html", "/portal/versions/about/index.html"])
        self.assertEqual([origin(uri) for uri in ("/portal", "/portal/", "/portal/about.html", "/portal-pages")],
                         ["portal", "portal", "portal", "site"])

    def test_requests_to_the_api_say_where_they_come_from(self):
        (answer,) = ask([["/api/patients", "br"]])
        self.assertEqual(answer["uri"], "/api/patients")
        self.assertEqual(answer["headers"]["x-tsunagaru-viewer"]["value"], "192.0.2.7")
        self.assertEqual([origin(uri) for uri in ("/api/patients", "/api/cases/1/sheet", "/api/cases/1")], ["api", "sheet", "api"])

    def test_a_form_that_nobody_can_sign_for_comes_back_and_is_told_why(self):
        (path,) = re.findall(r'const PATH: &str = "([^"]+)"', (ROOT / "functions/src/http/signin_form.rs").read_text())
        page = (ROOT / "frontend/signin.html").read_text()
        self.assertEqual(set(re.findall(r'<form [^>]*action="([^"]+)"', page)), {path})
        (answer,) = ask([[path, "br"]])
        address, _, place = answer["headers"]["location"]["value"].partition("#")
        self.assertEqual((answer["statusCode"], ask([[address, None]])[0]["uri"]), (303, "/signin.html"))
        self.assertIn(f'<div id="{place}"', page)
        # Only for the form: the script's own requests go on.
        self.assertEqual([one.get("statusCode") for one in ask([["/api/session", None], ["/api/session/formal", None]])], [None, None])

    # What needs the press.
    PRINTED = {"/api/cases/{case}/sheet", "/api/cases/{case}/letter", "/api/runbooks/sheet"}

    def test_every_endpoint_goes_to_a_function(self):
        sources = [file.read_text() for file in (ROOT / "shared/src/api").glob("*.rs")]
        paths = {path for text in sources for path in re.findall(r'= (?:Get|Post|Put|Delete|Patch) "(/api/[^"]*)"', text)}
        self.assertGreater(len(paths), 30)
        self.assertEqual(self.PRINTED - paths, set())
        for path in paths:
            wanted = "sheet" if path in self.PRINTED else "api"
            self.assertEqual(origin(re.sub(r"\{[^}]*\}", "1", path)), wanted, path)


class Certificates(unittest.TestCase):
    """What runs while a browser connects with its certificate."""

    CODE = EDGE["CheckCertificate"]["Properties"]["ConnectionFunctionCode"]
    IMPORT = "import cf from 'cloudfront';\n"

    def decided(self, shown, revoked=(), there=True):
        """Whether each certificate comes in; `shown` are serial numbers, None is none."""
        self.assertTrue(self.CODE.startswith(self.IMPORT))
        script = """
          const { shown, revoked, there } = JSON.parse(require('fs').readFileSync(0, 'utf8'));
          const cf = { kvs: () => {
            if (!there) throw new Error('no list');
            return { exists: async (key) => {
              if (key === '') throw new Error('a key has a character at least');
              return revoked.includes(key);
            } };
          } };
          console.log = () => {};
        """ + self.CODE.removeprefix(self.IMPORT) + """
          const ask = async (serialNumber) => {
            const said = [];
            await connectionHandler({
              clientCertInfo: serialNumber === null ? undefined : { serialNumber },
              allow: () => said.push('allow'), deny: () => said.push('deny'),
            });
            return said.join();
          };
          Promise.all(shown.map(ask)).then((said) => process.stdout.write(JSON.stringify(said)));
        """
        given = json.dumps({"shown": shown, "revoked": list(revoked), "there": there})
        done = subprocess.run(["node", "--eval", script], input=given, capture_output=True, text=True, check=True)
        return json.loads(done.stdout)

    def test_what_was_revoked_comes_no_further_however_its_number_is_written(self):
        written = ["A1B2C3", "00A1B2C3", "a1:b2:c3", "00:A1:B2:C3", "0xa1b2c3", "A1 B2 C3"]
        self.assertEqual(self.decided(written, ["A1B2C3"]), ["deny"] * len(written))
        self.assertEqual(self.decided(written, ["A1B2C4", "A1B2", "0A1B2C3"]), ["allow"] * len(written))

    def test_without_a_certificate_the_mode_of_the_distribution_decides(self):
        self.assertEqual(self.decided([None], ["A1"]), ["allow"])

    def test_what_cannot_be_looked_up_comes_no_further(self):
        self.assertEqual(self.decided(["A1", "B2"], there=False), ["deny", "deny"])
        self.assertEqual(self.decided(["", "00", ":"]), ["deny"] * 3)

    def test_the_handbook_writes_numbers_as_the_list_has_them(self):
        book = (ROOT / "docs/operators-handbook.md").read_text()
        command = re.search(r"openssl x509 .*", book[book.index("端末の証明書"):]).group().split(" -in ")
        tail = command[1].split(" ", 1)[1].rstrip(")").strip()
        self.assertTrue(tail.startswith("| "), tail)
        for printed, key in (("serial=0A1B2C", "A1B2C"), ("serial=7F", "7F"), ("serial=00FF00", "FF00")):
            done = subprocess.run(["sh", "-c", "cat " + tail], input=printed + "\n", capture_output=True, text=True, check=True)
            self.assertEqual(done.stdout.strip(), key)
            self.assertEqual(self.decided([printed.removeprefix("serial=")], [key]), ["deny"])
