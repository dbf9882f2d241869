#define _GNU_SOURCE
// Announces the slow path of Swift's Mutex to the thread sanitizer. Linked only into the build of `make tsan`.
//
// The fast path is inlined and instrumented: the sanitizer sees its atomics. Under contention the library waits
// with futex(2), which it does not see: what one thread did under the lock and another does next looks like a race.
// These two functions replace those of the library, call them, and announce release before and acquire after.
#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>

void __tsan_acquire(void *place);
void __tsan_release(void *place);

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context))

#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

typedef SWIFT void (*LockSlow)(uint32_t thread, SELF void *handle);
typedef SWIFT void (*UnlockSlow)(SELF void *handle);

static void *library(const char *name) {
    void *function = dlsym(RTLD_NEXT, name);
    if (function == NULL) abort();
    return function;
}

SWIFT void lockSlow(uint32_t thread, SELF void *handle) __asm__(LOCK);
SWIFT void lockSlow(uint32_t thread, SELF void *handle) {
    ((LockSlow)library(LOCK))(thread, handle);
    __tsan_acquire(handle);
}

SWIFT void unlockSlow(SELF void *handle) __asm__(UNLOCK);
SWIFT void unlockSlow(SELF void *handle) {
    __tsan_release(handle);
    ((UnlockSlow)library(UNLOCK))(handle);
}
