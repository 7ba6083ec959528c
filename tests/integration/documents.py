"""Documents as back offices upload and download them: in pieces, resumable."""

import hashlib

import grpc

from foreign import Refused

_SERVICE = "selaras.attachment.v1.AttachmentService"
_PIECE = 48 << 10  # no multiple of a chunk


def pdf(size, seed="a"):
    """Bytes that begin like a PDF and repeat nowhere."""
    body = bytearray(b"%PDF-1.7\n")
    block = 0
    while len(body) < size:
        body += hashlib.sha512(f"{seed}{block}".encode()).digest()
        block += 1
    return bytes(body[:size])


def header(authority, upload_id, document, offset=0, **changes):
    return {"authority": authority, "upload_id": upload_id, "bytes": str(len(document)),
            "media_type": "application/pdf", "file_name": "Surat dari Pak Budi.pdf",
            "offset": str(offset)} | changes


class Documents:
    """The AttachmentService of one node, for one client."""

    def __init__(self, client):
        self.client = client
        self.contracts = client.contracts

    def upload(self, authority, upload_id, document, offset=0, until=None, **changes):
        """Brings the document from `offset` on, up to `until`. How far it is then."""
        def pieces():
            first = self.contracts.make("selaras.attachment.v1.UploadRequest",
                                        {"header": header(authority, upload_id, document, offset,
                                                          **changes)})
            if not first.header.sha256:
                first.header.sha256 = hashlib.sha256(document).digest()
            yield first
            end = len(document) if until is None else until
            for at in range(offset, end, _PIECE):
                piece = self.contracts.make("selaras.attachment.v1.UploadRequest")
                piece.data = document[at:min(at + _PIECE, end)]
                yield piece
        try:
            [answer] = self.client.talk(f"{_SERVICE}/Upload", pieces())
        except grpc.RpcError as error:
            raise Refused(self.contracts, error) from None
        return answer.upload

    def progress(self, authority, upload_id):
        return self.client.call(f"{_SERVICE}/GetUpload", {
            "authority": authority, "upload_id": upload_id}).upload

    def download(self, position, **request):
        """The document, or the part of it that is asked for."""
        stream = self.client.ask_stream(f"{_SERVICE}/Download", {"position": position} | request)
        try:
            return b"".join(piece.data for piece in stream)
        except grpc.RpcError as error:
            raise Refused(self.contracts, error) from None
