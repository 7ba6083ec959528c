#pragma once

#include <cstddef>

#include <pthread.h>

namespace selaras::base {

// What a thread is called where an operator looks, e.g. in `top -H`: a literal.
class ThreadName {
 public:
  template <std::size_t kBytes>
  consteval ThreadName(const char (&name)[kBytes]) : text_(name) {
    static_assert(kBytes <= 16, "Linux keeps 15 characters of a name");
  }

  const char* text() const { return text_; }

 private:
  const char* text_;
};

// Names the calling thread.
inline void NameThread(ThreadName name) { ::pthread_setname_np(::pthread_self(), name.text()); }

}  // namespace selaras::base
