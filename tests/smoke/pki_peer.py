"""Prints the identity that a gRPC server sees of a client over mTLS.

usage: pki_peer.py DIR SERVER CLIENT   (names of certificates in DIR)
"""

import concurrent.futures
import pathlib
import sys

import grpc


class WhoAmI(grpc.GenericRpcHandler):
    """Answers every method with the caller's SPIFFE ids."""

    def service(self, _):
        def answer(_, context):
            return b",".join(context.auth_context().get("peer_spiffe_id", []))

        return grpc.unary_unary_rpc_method_handler(answer)


def main():
    folder = pathlib.Path(sys.argv[1])

    def read(name):
        return (folder / name).read_bytes()

    authority, server_name, client_name = read("ca.crt"), sys.argv[2], sys.argv[3]
    server = grpc.server(concurrent.futures.ThreadPoolExecutor(1), handlers=[WhoAmI()])
    pair = (read(f"{server_name}.key"), read(f"{server_name}.crt"))
    port = server.add_secure_port(
        "127.0.0.1:0", grpc.ssl_server_credentials([pair], authority, require_client_auth=True))
    server.start()
    mine = grpc.ssl_channel_credentials(
        authority, read(f"{client_name}.key"), read(f"{client_name}.crt"))
    for host in ("127.0.0.1", "localhost"):
        with grpc.secure_channel(f"{host}:{port}", mine) as channel:
            seen = channel.unary_unary("/who/AmI")(b"", timeout=20, wait_for_ready=True)
    print(seen.decode())
    server.stop(None)


if __name__ == "__main__":
    main()
