#pragma once

#include <cstddef>

// How long texts may be, in bytes: what the contracts in proto/selaras/event/v1 allow.
namespace selaras::registers {

inline constexpr std::size_t kNameBytesMax = 200;
inline constexpr std::size_t kAddressBytesMax = 500;
inline constexpr std::size_t kPhoneBytesMax = 40;
inline constexpr std::size_t kPlaceBytesMax = 500;
inline constexpr std::size_t kChronologyBytesMax = 20'000;
inline constexpr std::size_t kReasonBytesMax = 2'000;
inline constexpr std::size_t kNumberBytesMax = 120;

}  // namespace selaras::registers
