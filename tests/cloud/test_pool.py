"""What the connections that all accounts share let pass from one to another: nothing."""

from __future__ import annotations

import io
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from cloud import AuthType, Clouds, Credentials
from cloud.errors import BadConfiguration, UnexpectedAnswer
from cloud.pool import LeadsAway, pooled
from sandbox.serving import serving

if TYPE_CHECKING:
    from sandbox.cloud import CloudStandIn


class Elsewhere:
    """A host that remembers the headers of whoever comes, and answers with *headers*."""

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []
        self.headers: dict[str, str] = {}
        elsewhere = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                elsewhere.asked.append(dict(self.headers))
                self.send_response(302 if "Location" in elsewhere.headers else 200)
                for header in {**elsewhere.headers, "Content-Length": "2"}.items():
                    self.send_header(*header)
                self.end_headers()
                self.wfile.write(b"{}")

            do_POST = do_GET  # noqa: N815

            def log_message(self, *_: object) -> None:
                """Nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def speak_tls(self, certificate: Path) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.url = self.url.replace("http:", "https:")


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    elsewhere = Elsewhere()
    with serving(elsewhere.server):
        yield elsewhere


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """Of 127.0.0.1, signed by no one but itself; with its key."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "made up")])
    here = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(here, critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    bare = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = tmp_path / "certificate.pem"
    path.write_bytes(key.private_bytes(pem, *bare) + signed.public_bytes(pem))
    return path


def test_a_certificate_that_is_not_trusted_is_a_matter_of_configuration(
    elsewhere: Elsewhere,
    clouds: Clouds,
    certificate: Path,
    naps: list[float],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    elsewhere.speak_tls(certificate)
    secret = {"username": "u", "password": "p", "user_domain_id": "default"}
    connection = clouds.connect(Credentials(AuthType.V3_PASSWORD, f"{elsewhere.url}/v3", secret))

    with pytest.raises(BadConfiguration, match="REQUESTS_CA_BUNDLE"):
        _ = connection.project_id
    assert (elsewhere.asked, naps) == ([], [])

    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    with pytest.raises(UnexpectedAnswer):
        _ = connection.project_id
    assert len(elsewhere.asked) == 1


def test_a_cookie_of_one_account_is_not_sent_as_another(elsewhere: Elsewhere) -> None:
    elsewhere.headers = {"Set-Cookie": "account=100; Path=/"}

    with pooled((5, 5), 1) as http:
        for _ in range(2):
            http.get(elsewhere.url)

    assert [headers.get("Cookie") for headers in elsewhere.asked] == [None, None]


def test_a_token_does_not_follow_a_redirect_to_another_host(
    standin: CloudStandIn, clouds: Clouds, elsewhere: Elsewhere
) -> None:
    images = clouds.connect(_producer(standin)).images("DFW")
    standin.fail_next(1, 302, {"Location": f"{elsewhere.url}/v2/images/1"})

    with pytest.raises(BadConfiguration, match=f"leads elsewhere, to {elsewhere.url}$"):
        images.get("1")

    assert elsewhere.asked == []


@pytest.mark.parametrize("status", [301, 302, 307, 308])
@pytest.mark.parametrize("kind", AuthType)
def test_a_password_does_not_follow_a_redirect_to_another_host(
    standin: CloudStandIn, clouds: Clouds, elsewhere: Elsewhere, kind: AuthType, status: int
) -> None:
    standin.fail_next(1, status, {"Location": f"{elsewhere.url}/v3/auth/tokens"}, "", "tokens")

    with pytest.raises(BadConfiguration, match="leads elsewhere"):
        _ = clouds.connect(_producer(standin, kind)).project_id

    assert elsewhere.asked == []


def test_a_redirect_on_the_same_host_is_followed(standin: CloudStandIn, clouds: Clouds) -> None:
    image_id = standin.add_image("100", name="moved")
    images = clouds.connect(_producer(standin)).images("DFW")
    standin.fail_next(1, 302, {"Location": f"/DFW/v2/images/{image_id}"})

    assert images.get("1").name == "moved"


@pytest.mark.parametrize(
    ("here", "there", "stays"),
    [
        ("http://a.example/v2", "https://a.example/v2", True),
        ("http://a.example/v2", "/v3", True),
        ("https://a.example/v2", "http://a.example/v2", False),
        ("https://a.example/v2", "https://b.example/v2", False),
        ("https://a.example/v2", "//b.example/v2", False),
        ("https://a.example/v2", "https://a.example.b.example/v2", False),
        ("https://a.example/v2", "https://a.example@b.example/v2", False),
        ("https://a.example/v2", "https://a.example:8443/v2", False),
    ],
)
def test_the_same_host_is_its_name_port_and_no_weaker_scheme(
    here: str, there: str, stays: bool
) -> None:
    answer = requests.Response()
    answer.url, answer.status_code, answer.raw = here, 302, io.BytesIO()
    answer.headers["Location"] = there
    [stay] = pooled((1, 1), 1).hooks["response"]

    if stays:
        stay(answer)
    else:
        with pytest.raises(LeadsAway):
            stay(answer)


def _producer(standin: CloudStandIn, kind: AuthType = AuthType.V3_PASSWORD) -> Credentials:
    auth = dict(standin.credentials("producer", kind)["auth"])
    return Credentials(kind, auth.pop("auth_url"), auth)
