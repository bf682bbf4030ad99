"""A mail server that nobody here wrote (aiosmtpd): it puts each letter into the Maildir of whom it is for.

post.py FOLDER: the mailbox of who@anywhere is FOLDER/who/Maildir. The port is the first line on standard output.
"""

import asyncio
import itertools
import os
import sys
import time

from aiosmtpd.smtp import SMTP

folder = sys.argv[1]
numbers = itertools.count()
os.umask(0)


class Post:
    async def handle_DATA(self, server, session, envelope):
        for address in envelope.rcpt_tos:
            maildir = os.path.join(folder, address.split("@")[0].lower(), "Maildir")
            for part in ("", "tmp", "new", "cur"):
                os.makedirs(os.path.join(maildir, part), mode=0o777, exist_ok=True)
            name = f"{int(time.time())}.{os.getpid()}_{next(numbers)}.post"
            path = os.path.join(maildir, "tmp", name)
            with open(path, "wb") as file:
                file.write(envelope.original_content)
            os.rename(path, os.path.join(maildir, "new", name))
        return "250 OK"


async def main():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Post(), enable_SMTPUTF8=False), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.Event().wait()


asyncio.run(main())
