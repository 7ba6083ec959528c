// How many synced transactions etcd does in a second, for comparison:
//
//   etcd_load HOST:PORT IN_FLIGHT SECONDS BYTES
//
// Each puts a value of so many bytes under a key of its own, provided that there is none, as an
// event is appended to its stream. Prints a line as selaras-load does. Only bench.py uses it.
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/security/credentials.h>

#include "tools/load/drive.h"
#include "tools/load/figures.h"

namespace selaras {
namespace {

using google::protobuf::io::CodedOutputStream;

// A field of bytes or of a message, as protobuf writes it.
std::string Field(std::uint32_t number, const std::string& bytes) {
  std::string field;
  google::protobuf::io::StringOutputStream stream(&field);
  CodedOutputStream coded(&stream);
  coded.WriteTag(number << 3 | 2);
  coded.WriteVarint32(static_cast<std::uint32_t>(bytes.size()));
  coded.WriteString(bytes);
  coded.Trim();
  return field;
}

// TxnRequest of etcd's rpc.proto: compare (1) that the key's version (target 0, result EQUAL 0,
// both left out) is 0, and then (2) put (request_put, 2). The version that is compared with is
// field 4 of the oneof and must be written though it is 0.
std::string Transaction(const std::string& key, const std::string& value) {
  const std::string version_is_zero("\x20\x00", 2);
  const std::string compare = Field(3, key) + version_is_zero;
  const std::string put = Field(1, key) + Field(2, value);
  return Field(1, compare) + Field(2, Field(2, put));
}

struct Call {
  grpc::ClientContext context;
  grpc::ByteBuffer request;
  grpc::ByteBuffer answer;
};

// Whether TxnResponse says (field 2) that the comparison held.
bool Succeeded(grpc::ByteBuffer& answer) {
  grpc::Slice bytes;
  if (!answer.DumpToSingleSlice(&bytes).ok()) return false;
  google::protobuf::io::CodedInputStream coded(bytes.begin(), static_cast<int>(bytes.size()));
  while (const std::uint32_t tag = coded.ReadTag()) {
    std::uint64_t value = 0;
    if (tag == (2 << 3 | 0)) return coded.ReadVarint64(&value) && value == 1;
    std::uint32_t size = 0;
    if ((tag & 7) != 2 || !coded.ReadVarint32(&size) || !coded.Skip(static_cast<int>(size))) break;
  }
  return false;
}

int Run(const std::string& address, load::Pace pace, std::size_t bytes) {
  grpc::GenericStub stub(grpc::CreateChannel(address, grpc::InsecureChannelCredentials()));
  const std::string value(bytes, 'e');
  const std::string run = absl::StrCat(absl::ToUnixMicros(absl::Now()));
  std::vector<std::uint64_t> sent(static_cast<std::size_t>(pace.in_flight));
  const auto figures = load::Drive(pace, [&](int caller, load::Answered answered) {
    const std::uint64_t number = sent[static_cast<std::size_t>(caller)]++;
    const auto call = std::make_shared<Call>();
    const grpc::Slice request(Transaction(absl::StrCat(run, "/", caller, "/", number), value));
    call->request = grpc::ByteBuffer(&request, 1);
    stub.UnaryCall(&call->context, "/etcdserverpb.KV/Txn", {}, &call->request, &call->answer,
                   [call, answered = std::move(answered)](const grpc::Status& status) {
                     if (!status.ok()) return answered(absl::UnknownError(status.error_message()));
                     if (!Succeeded(call->answer)) return answered(absl::AbortedError("not put"));
                     answered(1);
                   });
  });
  if (!figures.ok()) {
    std::cerr << figures.status() << "\n";
    return 1;
  }
  load::Figures named = *figures;
  named.name = "etcd";
  named.in_flight = pace.in_flight;
  std::cout << load::FiguresLine(named) << std::endl;
  return 0;
}

}  // namespace
}  // namespace selaras

int main(int count, char** values) {
  if (count != 5) {
    std::cerr << "usage: etcd_load HOST:PORT IN_FLIGHT SECONDS BYTES\n";
    return 2;
  }
  return selaras::Run(values[1], {std::atoi(values[2]), absl::Seconds(std::atoi(values[3]))},
                      static_cast<std::size_t>(std::atoi(values[4])));
}
