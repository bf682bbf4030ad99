"""A mail server that nobody here wrote (aiosmtpd), which does as its recipients say and tells what it took.

later@…  refuses the first letter with 451 and takes the second (as greylisting does)
never@…  refuses every letter with 550
cut@…    takes the letter and breaks the connection off before it says so
slow@…   takes the letter and refuses it with 452 at its end
Everybody else gets it. Each letter is a line of JSON on standard output, after a first line with the port.
--starttls CERTIFICATE KEY takes nothing before STARTTLS; --tls CERTIFICATE KEY speaks nothing but TLS.
"""

import asyncio
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP


def tell(**what):
    print(json.dumps(what), flush=True)


class Handler:
    def __init__(self):
        self.seen = set()

    async def handle_RCPT(self, server, session, envelope, address, options):
        who = address.split("@")[0]
        tell(asked=address)
        if who == "never":
            return "550 5.1.1 no such person"
        if who == "later" and who not in self.seen:
            self.seen.add(who)
            return "451 4.7.1 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        who = envelope.rcpt_tos[0].split("@")[0]
        if who == "slow" and who not in self.seen:
            self.seen.add(who)
            return "452 4.3.1 no room just now"
        tell(
            sender=envelope.mail_from,
            to=envelope.rcpt_tos[0],
            all=envelope.rcpt_tos,
            tls=server.transport.get_extra_info("ssl_object") is not None,
            user=str(session.auth_data.login, "utf-8") if session.auth_data else None,
            letter=envelope.original_content.decode("ascii"),
        )
        if who == "cut":
            server.transport.abort()
        return "250 OK"


class Known:
    """Who may sign in: toban with its password."""

    def __call__(self, server, session, envelope, mechanism, data):
        from aiosmtpd.smtp import AuthResult

        is_known = (data.login, data.password) == (b"toban", b"open sesame")
        return AuthResult(success=is_known, handled=False, auth_data=data if is_known else None)


def certified(way):
    """The server's side of TLS, if it is asked for."""
    if way not in sys.argv:
        return None
    at = sys.argv.index(way)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(sys.argv[at + 1], sys.argv[at + 2])
    return context


async def main():
    wants_names = "--sign-in" in sys.argv
    later, at_once = certified("--starttls"), certified("--tls")
    options = (
        {"authenticator": Known(), "auth_required": True, "auth_require_tls": later is not None}
        if wants_names
        else {}
    )
    if later:
        options |= {"tls_context": later, "require_starttls": True}
    handler = Handler()
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(handler, hostname="mail.test", **options), "127.0.0.1", 0, ssl=at_once
    )
    tell(port=server.sockets[0].getsockname()[1])
    await server.serve_forever()


asyncio.run(main())
