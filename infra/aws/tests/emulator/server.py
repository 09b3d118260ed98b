"""Starts moto on a free port of loopback, in this process."""

import logging
import os
import socket

import boto3
from botocore.config import Config

REGION = "ap-northeast-1"
ACCOUNT = "123456789012"
# Any key pair does; ours says that it is none.
KEYS = {"aws_access_key_id": "emulator", "aws_secret_access_key": "not-a-secret"}


class Emulator:
    """A running moto: its address, and clients that talk to it and to nothing else."""

    def __init__(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        # moto's own clients inside the process must not look for anything elsewhere either.
        os.environ.update(AWS_ACCESS_KEY_ID=KEYS["aws_access_key_id"], AWS_SECRET_ACCESS_KEY=KEYS["aws_secret_access_key"])
        os.environ.update(AWS_DEFAULT_REGION=REGION, AWS_EC2_METADATA_DISABLED="true")
        from moto.server import ThreadedMotoServer

        from . import parsing, registry, types, wrappers

        registry.use(self)
        types.install()
        wrappers.install()
        parsing.install()
        for noisy in ("werkzeug", "moto", "botocore"):
            logging.getLogger(noisy).setLevel(logging.ERROR)
        self.server = ThreadedMotoServer("127.0.0.1", port, verbose=False)
        self.server.start()

    def client(self, service, region=REGION, **more):
        """A client of a service."""
        config = Config(retries={"max_attempts": 1}, s3={"addressing_style": "path"})
        return boto3.client(service, region_name=region, endpoint_url=self.url, config=config, **(KEYS | more))

    def stop(self):
        """Ends it; everything in it is gone."""
        self.server.stop()
