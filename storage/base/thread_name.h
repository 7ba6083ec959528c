#pragma once

#include <cstddef>

#include <pthread.h>

namespace selaras::base {

// What the calling thread is called where an operator looks, e.g. in `top -H`.
template <std::size_t kBytes>
void NameThread(const char (&name)[kBytes]) {
  static_assert(kBytes <= 16, "Linux keeps 15 characters of a name");
  ::pthread_setname_np(::pthread_self(), name);
}

}  // namespace selaras::base
