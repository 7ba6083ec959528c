#include "services/domain/receipt_code.h"

#include <set>

#include "absl/strings/ascii.h"
#include <gtest/gtest.h>

namespace selaras::domain {
namespace {

TEST(ReceiptCode, IsSixteenDigitsInGroupsOfFour) {
  EXPECT_EQ(FormatReceiptCode(std::string(10, '\0')), "0000-0000-0000-0000");
  EXPECT_EQ(FormatReceiptCode(std::string(10, '\xff')), "ZZZZ-ZZZZ-ZZZZ-ZZZZ");
  // 00000 00001 00010 00011 … by hand.
  EXPECT_EQ(FormatReceiptCode(std::string("\x00\x44\x32\x14\xc7\x42\x54\xb6\x35\xcf", 10)),
            "0123-4567-89AB-CDEF");
}

TEST(ReceiptCode, IsReadHoweverItWasWritten) {
  const std::string code = "7Q2M-91KD-04RT-HZ5A";
  for (const char* written :
       {"7Q2M-91KD-04RT-HZ5A", "7q2m91kd04rthz5a", " 7Q2M 91KD 04RT HZ5A\n", "7Q2M-9lKD-o4RT-hz5a",
        "7Q2M-9IKD-O4RT-HZ5A", "7-Q-2-M-9-1-K-D-0-4-R-T-H-Z-5-A", "7q2m9ikdO4rt\thz5a"}) {
    EXPECT_EQ(ReadReceiptCode(written), code) << written;
  }
}

TEST(ReceiptCode, IsNothingElse) {
  for (const char* written :
       {"", "-", "7Q2M-91KD-04RT-HZ5", "7Q2M-91KD-04RT-HZ5A0", "7Q2M-91KD-04RT-HZ5U",
        "7Q2M_91KD_04RT_HZ5A", "7Q2M-91KD-04RT-HZ5\xc3\xa4", "../../etc/passwd"}) {
    EXPECT_EQ(ReadReceiptCode(written), std::nullopt) << written;
  }
  EXPECT_EQ(ReadReceiptCode(std::string(1 << 20, '-')), std::nullopt);
}

TEST(ReceiptCode, KeepsEveryBitOfWhatItIsMadeFrom) {
  std::set<std::string> codes;
  for (int bit = 0; bit < 80; ++bit) {
    std::string bytes(10, '\0');
    bytes[static_cast<std::size_t>(bit / 8)] = static_cast<char>(1 << (bit % 8));
    const std::string code = FormatReceiptCode(bytes);
    EXPECT_EQ(ReadReceiptCode(absl::AsciiStrToLower(code)), code);
    EXPECT_FALSE(code.find_first_of("ILOU") != std::string::npos) << code;
    EXPECT_TRUE(codes.insert(code).second) << code;
  }
}

}  // namespace
}  // namespace selaras::domain
