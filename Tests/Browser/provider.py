"""An identity provider that keeps to OpenID Connect, unless it is told to lie.

Written from the specification, apart from the server that it tests: it checks PKCE, the client's
secret and the return address for real, and signs with ES256. `provider.lie` names what it does
wrong next; without one it is honest.
"""

import base64
import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, parse_qsl, urlencode, urlparse

from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

CLIENT, SECRET = "madang", "a secret of the client, which no log has"


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Provider:
    def __init__(self):
        self.lie, self.held, self.subject, self.codes, self.count = None, None, "somebody", {}, 0
        self.key, self.stranger = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                provider.answer(self, None)

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                provider.answer(self, dict(parse_qsl(body)))

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    # What it answers

    def answer(self, request, form):
        address = urlparse(request.path)
        place = address.path.rsplit("/", 1)[-1]
        if self.lie and self.lie.startswith(place + " "):
            return self.misbehave(request, self.lie.split(" ", 1)[1])
        if place == "openid-configuration":
            return self.json(request, self.discovery())
        if place == "keys":
            return self.json(request, {"keys": [self.jwk(self.key, "one")]})
        if place == "authorize":
            return self.authorize(request, dict(parse_qsl(address.query)))
        if place == "token":
            return self.token(request, form)
        self.plain(request, 404, b"", "text/plain")

    def misbehave(self, request, how):
        if how == "hangs up":
            request.connection.close()
        elif how == "is slow":
            time.sleep(13)
        elif how == "drips":
            request.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
            try:
                for _ in range(130):
                    request.wfile.write(b" ")
                    time.sleep(0.1)
            except OSError:
                pass
        elif how == "redirects":
            request.send_response(302)
            request.send_header("Location", self.issuer + "/elsewhere")
            request.end_headers()
        elif how == "says 500":
            self.plain(request, 500, b"{}", "application/json")
        elif how == "speaks HTML":
            self.plain(request, 200, b"<script>hurt()</script>", "text/html")
        elif how == "speaks no JSON":
            self.plain(request, 200, b"{\"issuer\":", "application/json")
        elif how == "speaks too deep":
            self.plain(request, 200, b"[" * 200_000, "application/json")
        elif how == "says too much":
            self.plain(request, 200, b" " * (32 << 20), "application/json")
        elif how == "says nothing of use":
            self.plain(request, 200, b"{\"keys\":1}", "application/json")
        elif how == "is another":
            self.json(request, self.discovery() | {"issuer": "https://evil.example"})
        elif how == "leads into the office":
            self.json(request, self.discovery() | {"token_endpoint": "http://10.0.0.1/token"})
        elif how == "declines":
            self.back(request, error="access_denied\"><script>hurt()</script>")
        elif how == "forgets the code":
            self.back(request)
        elif how == "names another issuer":
            self.back(request, code="x", iss="https://evil.example")
        elif how == "sends another state":
            self.back(request, state="x" * 43, code="x")
        elif how == "forgets the state":
            self.back(request, state="", code="x")
        else:
            raise ValueError(how)

    def discovery(self):
        return {
            "issuer": self.issuer, "authorization_endpoint": self.issuer + "/authorize",
            "token_endpoint": self.issuer + "/token", "jwks_uri": self.issuer + "/keys",
            "response_types_supported": ["code"], "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256"]}

    def back(self, request, **fields):
        query = parse_qs(urlparse(request.path).query)
        fields = {"state": query["state"][0]} | fields
        request.send_response(302)
        request.send_header("Location", query["redirect_uri"][0] + "?" + urlencode(fields))
        request.end_headers()

    def authorize(self, request, query):
        assert query["response_type"] == "code" and "openid" in query["scope"].split()
        assert query["client_id"] == CLIENT and query["code_challenge_method"] == "S256"
        assert len(query["state"]) >= 32 and len(query["nonce"]) >= 32
        self.count += 1
        code = f"code-{self.count}"
        self.codes[code] = query
        if self.lie == "hold":
            # The browser stays here; where it would have been sent is told to the test.
            self.held = f"{query['redirect_uri']}?" + urlencode({"state": query["state"], "code": code})
            return self.plain(request, 200, b"wait", "text/plain")
        self.back(request, code=code)

    def token(self, request, form):
        asked = self.codes.pop(form["code"], None)
        basic = base64.b64encode(f"{CLIENT}:{SECRET.replace(' ', '%20').replace(',', '%2C')}".encode())
        challenge = b64(hashlib.sha256(form["code_verifier"].encode()).digest())
        if (asked is None or asked["code_challenge"] != challenge
                or asked["redirect_uri"] != form["redirect_uri"]
                or request.headers["Authorization"] != "Basic " + basic.decode()):
            return self.plain(request, 400, b'{"error":"invalid_grant"}', "application/json")
        self.json(request, {"token_type": "Bearer", "access_token": "unused",
                            "id_token": self.id_token(asked["nonce"])})

    # Tokens

    def id_token(self, nonce):
        now = int(time.time())
        claims = {"iss": self.issuer, "sub": self.subject, "aud": CLIENT, "nonce": nonce,
                  "iat": now, "exp": now + 300}
        claims |= {
            "ID token of another issuer": {"iss": "https://evil.example"},
            "ID token for somebody else": {"aud": "other"},
            "ID token for others too": {"aud": [CLIENT, "other"]},
            "ID token that is over": {"exp": now - 120, "iat": now - 30},
            "ID token of the future": {"iat": now + 3600},
            "ID token of yesterday": {"iat": now - 86_400},
            "ID token of another attempt": {"nonce": "x" * 43},
            "ID token about nobody": {"sub": ""},
        }.get(self.lie or "", {})
        header = {"alg": "ES256", "kid": "one"} | {
            "ID token unsigned": {"alg": "none"}, "ID token signed by the secret": {"alg": "HS256"},
            "ID token of an unknown key": {"kid": "new"},
        }.get(self.lie or "", {})
        signed = b64(json.dumps(header).encode()) + "." + b64(json.dumps(claims).encode())
        return signed + "." + b64(self.signature(header["alg"], signed.encode()))

    def signature(self, algorithm, signed):
        if algorithm == "none":
            return b""
        if algorithm == "HS256":
            keyed = hmac.HMAC(SECRET.encode(), hashes.SHA256())
            keyed.update(signed)
            return keyed.finalize()
        strange = self.lie in ("ID token of an unknown key", "ID token signed by a stranger")
        key = self.stranger if strange else self.key
        r, s = decode_dss_signature(key.sign(signed, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    @staticmethod
    def jwk(key, name):
        point = key.public_key().public_numbers()
        return {"kty": "EC", "crv": "P-256", "kid": name, "use": "sig",
                "x": b64(point.x.to_bytes(32, "big")), "y": b64(point.y.to_bytes(32, "big"))}

    # Answers

    def json(self, request, value):
        self.plain(request, 200, json.dumps(value).encode(), "application/json")

    @staticmethod
    def plain(request, status, body, kind):
        request.send_response(status)
        request.send_header("Content-Type", kind)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        try:
            request.wfile.write(body)
        except OSError:
            pass
