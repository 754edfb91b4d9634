import gzip
import os
import socket
from contextlib import contextmanager, suppress
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from core.datasets.download import download_set
from core.datasets.published_sets import MNIST
from core.errors import Cancelled, DataError
from tests.core.datasets.test_idx import CONTENTS, FILE_NAMES, SMALL_FILES

PUBLISHED = {
    f"{name}.gz": gzip.compress(content, mtime=0)
    for name, content in zip(FILE_NAMES, CONTENTS, strict=True)
}
FIRST = f"{FILE_NAMES[0]}.gz"
TOTAL = sum(map(len, PUBLISHED.values()))
ENDLESS = 1 << 27


class Mirror(ThreadingHTTPServer):
    """Serves files on the loopback address; subclasses may serve them badly."""

    status = 200
    daemon_threads = False  # so that closing waits for the threads of all requests

    def __init__(self, contents):
        super().__init__(("127.0.0.1", 0), Handler)
        self.contents = contents
        self.asked = []
        self.sent = 0
        self.url = f"http://127.0.0.1:{self.server_port}/mnist/"

    def serve(self, handler, content):
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)


class CutOff(Mirror):
    def serve(self, handler, content):
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content[: len(content) // 2])


class Endless(Mirror):
    def serve(self, handler, content):
        handler.end_headers()
        while self.sent < ENDLESS:
            self.sent += handler.wfile.write(bytes(1 << 16))


class Loop(Mirror):
    """Sends every request back to itself."""

    status = 302

    def serve(self, handler, content):
        handler.send_header("Location", handler.path)
        handler.send_header("Content-Length", "0")
        handler.end_headers()


class InMorsels(Mirror):
    """Serves files in HTTP's chunked encoding, a few bytes at a time, as a proxy may."""

    def serve(self, handler, content):
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        for start in range(0, len(content), 1000):
            morsel = content[start : start + 1000]
            handler.wfile.write(b"%x\r\n%b\r\n" % (len(morsel), morsel))
        handler.wfile.write(b"0\r\n\r\n")


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        name = self.path.removeprefix("/mnist/")
        self.server.asked.append(name)
        if name not in self.server.contents:
            self.send_error(404)
            return
        self.send_response(self.server.status)
        self.send_header("Connection", "close")
        with suppress(ConnectionError):  # the client may have closed the connection
            self.server.serve(self, self.server.contents[name])

    def log_message(self, *args):
        pass


@contextmanager
def running(mirror):
    thread = Thread(target=mirror.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield mirror
    finally:
        mirror.shutdown()
        mirror.server_close()
        thread.join()


@pytest.fixture
def mirror():
    with running(Mirror(PUBLISHED)) as good:
        yield good


@pytest.fixture
def dead_url():
    """An address where nothing listens, reserved so that no other process takes it."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{held.getsockname()[1]}/"


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "cache" / "mnist"


@pytest.fixture(autouse=True)
def _no_proxy(tmp_path, monkeypatch):
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))  # requests reads ~/.netrc


def download(mirrors, folder, *progress, files=SMALL_FILES):
    download_set(replace(MNIST, files=files, mirrors=tuple(mirrors)), folder, *progress)


def files_in(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_fetches_every_file(mirror, folder):
    download([mirror.url], folder)
    assert files_in(folder) == PUBLISHED
    assert mirror.asked == list(PUBLISHED)


def test_reports_the_bytes_of_all_files(mirror, folder):
    reports = []
    download([mirror.url], folder, lambda *report: reports.append(report))
    assert {total for _, total in reports} == {TOTAL}
    done = [done for done, _ in reports]
    assert done == sorted(done)
    assert (done[0], done[-1]) == (0, TOTAL)
    within_the_first = {count for count in done if 0 < count < len(PUBLISHED[FIRST])}
    assert len(within_the_first) > 1


def test_an_existing_file_is_not_fetched_again(mirror, folder):
    folder.mkdir(parents=True)
    (folder / FIRST).write_bytes(PUBLISHED[FIRST])
    download([mirror.url], folder)
    assert mirror.asked == list(PUBLISHED)[1:]
    assert files_in(folder) == PUBLISHED


def test_existing_files_count_as_done(mirror, folder):
    download([mirror.url], folder)
    reports = []
    download([mirror.url], folder, lambda *report: reports.append(report))
    assert reports[-1] == (TOTAL, TOTAL)


def test_a_damaged_file_is_replaced(mirror, folder):
    folder.mkdir(parents=True)
    (folder / FIRST).write_bytes(PUBLISHED[FIRST][:-1])
    download([mirror.url], folder)
    assert files_in(folder) == PUBLISHED


BAD_MIRRORS = {
    "HTTP status 404": lambda: Mirror({}),
    "another file": lambda: Mirror(dict.fromkeys(PUBLISHED, b"<html>Please log in</html>")),
    "broke off": lambda: CutOff(PUBLISHED),
    "no valid answer": lambda: Loop(PUBLISHED),
}


@pytest.mark.parametrize("reason", BAD_MIRRORS)
def test_a_bad_mirror_is_skipped_for_the_next(reason, mirror, folder):
    with running(BAD_MIRRORS[reason]()) as bad:
        download([bad.url, mirror.url], folder)
        assert bad.asked
    assert files_in(folder) == PUBLISHED


@pytest.mark.parametrize("reason", BAD_MIRRORS)
def test_a_bad_mirror_is_named_with_its_reason_and_leaves_nothing(reason, folder):
    with (
        running(BAD_MIRRORS[reason]()) as bad,
        pytest.raises(DataError, match=f"127.0.0.1:{bad.server_port}: .*{reason}"),
    ):
        download([bad.url], folder)
    assert files_in(folder) == {}


def test_an_endless_file_is_abandoned_early(mirror, folder):
    with running(Endless(PUBLISHED)) as endless:
        download([endless.url, mirror.url], folder, files=SMALL_FILES[:1])
    assert endless.sent < ENDLESS
    assert files_in(folder) == {FIRST: PUBLISHED[FIRST]}


def test_the_size_of_the_chunks_does_not_matter(folder):
    with running(InMorsels(PUBLISHED)) as proxy:
        download([proxy.url], folder)
    assert files_in(folder) == PUBLISHED


def test_each_mirror_may_have_only_some_of_the_files(mirror, folder):
    with running(Mirror({FIRST: PUBLISHED[FIRST]})) as sparse:
        download([sparse.url, mirror.url], folder)
    assert mirror.asked == list(PUBLISHED)[1:]
    assert files_in(folder) == PUBLISHED


def test_a_cancelled_download_keeps_complete_files_and_continues_from_there(mirror, folder):
    def cancel_in_the_third_file(done, total):
        if done > len(PUBLISHED[FIRST]) + len(PUBLISHED[f"{FILE_NAMES[1]}.gz"]):
            raise Cancelled

    with pytest.raises(Cancelled):
        download([mirror.url], folder, cancel_in_the_third_file)
    assert files_in(folder) == dict(list(PUBLISHED.items())[:2])
    mirror.asked.clear()
    download([mirror.url], folder)
    assert mirror.asked == list(PUBLISHED)[2:]


def test_a_cancel_takes_effect_before_the_next_mirror_is_asked(mirror, dead_url, folder):
    reports = []

    def cancel_at_the_second_report(done, total):
        reports.append(done)
        if len(reports) == 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        download([dead_url, mirror.url], folder, cancel_at_the_second_report)
    assert mirror.asked == []


def test_if_every_mirror_fails_it_says_what_to_do(dead_url, folder):
    with pytest.raises(DataError) as caught:
        download([dead_url, dead_url.replace("127.0.0.1", "localhost")], folder)
    message = str(caught.value)
    assert message.count("no connection") == 2
    for word in ("could not be downloaded", "network", "--data-dir", "'strokes'", "localhost"):
        assert word in message


@pytest.mark.timeout(10)
def test_a_mirror_that_does_not_respond_is_abandoned(folder, monkeypatch):
    monkeypatch.setattr("core.datasets.download._TIMEOUT", (0.1, 0.1))
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        with pytest.raises(DataError, match="no answer in time"):
            download([url], folder)


def test_a_folder_that_cannot_be_created(mirror, folder):
    folder.parent.write_bytes(b"a file is in the way")
    with pytest.raises(DataError, match="could not be saved in") as caught:
        download([mirror.url], folder)
    assert str(folder) in str(caught.value)
    assert mirror.asked == []
