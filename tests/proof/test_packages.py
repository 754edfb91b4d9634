from tests.test_setup import ROOT, installed, pins

GROUPS = ["runtime", "dev", "export", "compare"]
CUDA = ("cuda", "nvidia", "triton")
"""Names of packages that torch for Linux may install, in versions of its choice."""


def test_every_package_that_gets_installed_is_pinned_and_so_installed(monkeypatch):
    """A torch version may name its build, as in 2.13.0+cpu."""
    monkeypatch.chdir(ROOT)
    versions = {name: version.split("+")[0] for name, version in installed(GROUPS).items()}
    assert {n: v for n, v in versions.items() if not n.startswith(CUDA)} == pins(*GROUPS)
