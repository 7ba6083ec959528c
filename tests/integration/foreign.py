"""A client that shares no code with the nodes: Python's gRPC, messages made from the contracts by
protoc when the test runs."""

import pathlib
import subprocess
import tempfile

from google.protobuf import any_pb2, descriptor_pb2, descriptor_pool, json_format, message_factory
import grpc

from agencies import ROOT

_PROTO = ROOT / "proto"
_TIMEOUT = 120  # seconds of a call: generous, a build with sanitizers on a busy machine


class Contracts:
    """All messages and methods of proto/."""

    def __init__(self, *more):
        """more: files beside this one that belong to no contract of ours."""
        here = pathlib.Path(__file__).parent
        files = sorted(str(path.relative_to(_PROTO)) for path in _PROTO.rglob("*.proto"))
        with tempfile.NamedTemporaryFile(suffix=".binpb") as out:
            subprocess.run(
                ["protoc", f"-I{_PROTO}", f"-I{here}", f"--descriptor_set_out={out.name}",
                 "--include_imports", *files, *more], check=True, capture_output=True)
            described = descriptor_pb2.FileDescriptorSet.FromString(out.read())
        self.pool = descriptor_pool.DescriptorPool()
        for file in described.file:
            self.pool.Add(file)
        self._factory = message_factory.MessageFactory(self.pool)

    def type(self, name):
        """The class of a message, e.g. selaras.query.v1.Case."""
        return self._factory.GetPrototype(self.pool.FindMessageTypeByName(name))

    def make(self, name, fields=None):
        """A message from what is its JSON form."""
        return json_format.ParseDict(fields or {}, self.type(name)())

    def method(self, path):
        """The descriptor of a method named like selaras.query.v1.QueryService/GetCase."""
        service, method = path.split("/")
        return self.pool.FindServiceByName(service).methods_by_name[method]

    def methods(self, prefix="selaras."):
        """The paths of all methods, by the files of proto/."""
        return [f"{service.full_name}/{method.name}" for service in self._services()
                if service.full_name.startswith(prefix) for method in service.methods]

    def _services(self):
        for path in sorted(_PROTO.rglob("*.proto")):
            file = self.pool.FindFileByName(str(path.relative_to(_PROTO)))
            yield from file.services_by_name.values()


class Refused(Exception):
    """An error as a client reads it: the status and what grpc-status-details-bin holds."""

    def __init__(self, contracts, error):
        super().__init__(f"{error.code().name}: {error.details()}")
        self.code = error.code().name
        self.message = error.details()
        self.details = {}  # name of the message -> message
        trailers = dict(error.trailing_metadata() or ())
        status = contracts.type("google.rpc.Status").FromString(
            trailers.get("grpc-status-details-bin", b""))
        for detail in status.details:
            packed = any_pb2.Any.FromString(detail.SerializeToString())
            name = packed.TypeName()
            self.details[name.rpartition(".")[2]] = contracts.type(name).FromString(packed.value)

    @property
    def reason(self):
        return self.details["ErrorInfo"].reason if "ErrorInfo" in self.details else ""

    @property
    def metadata(self):
        return dict(self.details["ErrorInfo"].metadata) if "ErrorInfo" in self.details else {}

    @property
    def fields(self):
        """The fields that a BadRequest names."""
        bad = self.details.get("BadRequest")
        return [violation.field for violation in bad.field_violations] if bad else []

    @property
    def without_ids(self):
        """What the error tells, whatever id was asked for: the id is taken out."""
        return (self.code, self.reason, sorted(self.details), self.fields)


class Told:
    """An error that stands in an answer, as a failed call would have it."""

    def __init__(self, error):
        self._error = error

    def code(self):
        return next(code for code in grpc.StatusCode if code.value[0] == self._error.code)

    def details(self):
        return self._error.message

    def trailing_metadata(self):
        # It has the bytes of a google.rpc.Status.
        return [("grpc-status-details-bin", self._error.SerializeToString())]


class Client:
    """Calls a node with a certificate of the test PKI."""

    def __init__(self, contracts, address, pki, certificate):
        self.contracts = contracts
        self.certificate = certificate
        self._channel = grpc.secure_channel(address, grpc.ssl_channel_credentials(
            (pki / "ca.crt").read_bytes(), (pki / f"{certificate}.key").read_bytes(),
            (pki / f"{certificate}.crt").read_bytes()),
            options=[("grpc.max_send_message_length", -1)])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._channel.close()

    def call(self, path, fields=None):
        """Calls a method with a request in its JSON form. Raises Refused."""
        method = self.contracts.method(path)
        return self.send(path, self.contracts.make(method.input_type.full_name, fields))

    def send(self, path, request):
        """Calls a method with a message, or with bytes that are to be one."""
        method = self.contracts.method(path)
        stub = self._channel.unary_unary(
            f"/{path}", request_serializer=_bytes,
            response_deserializer=self.contracts.type(method.output_type.full_name).FromString)
        try:
            return stub(request, timeout=_TIMEOUT)
        except grpc.RpcError as error:
            raise Refused(self.contracts, error) from None

    def ask_stream(self, path, fields=None, timeout=_TIMEOUT):
        """Calls a method that streams answers. Gives the stream; it raises grpc.RpcError."""
        method = self.contracts.method(path)
        stub = self._channel.unary_stream(
            f"/{path}", request_serializer=_bytes,
            response_deserializer=self.contracts.type(method.output_type.full_name).FromString)
        return stub(self.contracts.make(method.input_type.full_name, fields), timeout=timeout)

    def talk(self, path, requests, timeout=_TIMEOUT):
        """Opens a stream in both directions."""
        method = self.contracts.method(path)
        stub = self._channel.stream_stream(
            f"/{path}", request_serializer=_bytes,
            response_deserializer=self.contracts.type(method.output_type.full_name).FromString)
        return stub(requests, timeout=timeout)

    def ask_on_stream(self, path, request):
        """One request on a stream of commands; Refused if that is its answer."""
        [answer] = self.talk(path, iter([request]))
        [result] = answer.results
        if result.WhichOneof("result") == "error":
            raise Refused(self.contracts, Told(result.error))
        return result.outcome


def _bytes(message):
    return message if isinstance(message, bytes) else message.SerializeToString()


def as_dict(message):
    """The JSON form, with names as in the contract."""
    return json_format.MessageToDict(message, preserving_proto_field_name=True)
