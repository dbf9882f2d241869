// Linux calls that Swift's Glibc module leaves out.
#pragma once
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <linux/filter.h>
#include <malloc.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

// open(2) is variadic, which Swift cannot call.
static inline int linux_open(const char *path, int flags, mode_t mode) { return open(path, flags, mode); }

static volatile int linux_signal_descriptor = -1;

// Only what signal-safety(7) allows: one write, errno kept.
static void linux_note_signal(int number) {
    int before = errno;
    unsigned char byte = (unsigned char)number;
    ssize_t written = write(linux_signal_descriptor, &byte, 1);
    (void)written;
    errno = before;
}

// From now on each arrival of the signal writes its number as one byte to the descriptor.
static inline int linux_forward_signal(int number, int descriptor) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    sigemptyset(&action.sa_mask);
    action.sa_handler = linux_note_signal;
    action.sa_flags = SA_RESTART;
    linux_signal_descriptor = descriptor;
    return sigaction(number, &action, 0);
}

static inline void linux_ignore_sigpipe(void) { signal(SIGPIPE, SIG_IGN); }

// Declared by hand: _GNU_SOURCE would change structures that other modules see without it.
extern int pipe2(int ends[2], int flags);
extern long syscall(long number, ...);
extern int accept4(int listener, struct sockaddr *name, socklen_t *length, int flags);

static inline int linux_accept(int listener, struct sockaddr *name, socklen_t *length) {
    return accept4(listener, name, length, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

// The user at the other end of a unix-domain socket when it connected (SO_PEERCRED). The structure is declared by
// hand: the system's needs _GNU_SOURCE.
static inline int linux_peer_user(int socket, uid_t *user) {
    struct { pid_t process; uid_t user; gid_t group; } credentials;
    socklen_t length = sizeof credentials;
    int status = getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &length);
    if (status == 0) *user = credentials.user;
    return status;
}

// A listening TCP socket drops first packets (SYN without ACK) from now on; handshakes under way go on.
static inline int linux_drop_first_packets(int listener) {
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 13),  // The flags in the TCP header.
        BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0x12),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x02, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, 0),
        BPF_STMT(BPF_RET | BPF_K, 0xffffffff),
    };
    struct sock_fprog program = {sizeof code / sizeof *code, code};
    return setsockopt(listener, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
}

// recv(2) and send(2) without the C library's preparations for pthread_cancel(3), which nobody calls: two atomic
// exchanges for each call.
static inline ssize_t linux_receive(int socket, void *bytes, size_t count) {
    return syscall(SYS_recvfrom, socket, bytes, count, 0, 0, 0);
}

static inline ssize_t linux_send(int socket, const void *bytes, size_t count, int flags) {
    return syscall(SYS_sendto, socket, bytes, count, flags, 0, 0);
}

static inline int linux_pipe(int ends[2]) { return pipe2(ends, O_NONBLOCK | O_CLOEXEC); }

// Faults end the process by the kernel's hand, and the kernel writes nothing of its memory down.
static inline int linux_forbid_dumps(void) {
    static const int faults[] = {SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGQUIT, SIGSEGV, SIGTRAP};
    for (unsigned index = 0; index < sizeof faults / sizeof *faults; index++) signal(faults[index], SIG_DFL);
    struct rlimit none = {0, 0};
    if (setrlimit(RLIMIT_CORE, &none) != 0) return -1;
    return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

extern char **environ;

// Removes a variable from the environment. Its value is overwritten first: unsetenv(3) changes only the list of
// pointers, and /proc/PID/environ shows the bytes that the process was started with.
static inline void linux_erase_variable(const char *name) {
    size_t length = strlen(name);
    for (char **entry = environ; entry != 0 && *entry != 0; entry++) {
        if (strncmp(*entry, name, length) != 0 || (*entry)[length] != '=') continue;
        char *value = *entry + length + 1;
        explicit_bzero(value, strlen(value));
    }
    unsetenv(name);
}

// Raises the limit of open files towards what is wanted, as far as we may; what it is then.
static inline long long linux_raise_descriptors(long long wanted) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return -1;
    rlim_t before = limit.rlim_cur;
    if (limit.rlim_cur < (rlim_t)wanted) {
        limit.rlim_cur = (rlim_t)wanted < limit.rlim_max ? (rlim_t)wanted : limit.rlim_max;
        if (setrlimit(RLIMIT_NOFILE, &limit) != 0) limit.rlim_cur = before;
    }
    return limit.rlim_cur > 1 << 30 ? 1 << 30 : (long long)limit.rlim_cur;
}

static inline void linux_return_heap(void) { malloc_trim(0); }

// The code and the constants of the program and its libraries leave our memory; each page comes back from its
// file when it is used. Only areas that nobody can write to, and of which no page was changed before that, be it in
// memory or swapped out: nothing can be lost.
static inline void linux_return_file_pages(void) {
    FILE *areas = fopen("/proc/self/smaps", "re");
    if (areas == 0) return;
    char line[4 * PATH_MAX + 128];
    uintptr_t start = 0, end = 0;
    unsigned long changed = 0, swapped;
    int is_read_only = 0;
    while (fgets(line, sizeof line, areas) != 0) {
        uintptr_t first, next;
        char mode[5];
        unsigned long inode;
        if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " %4s %*x %*x:%*x %lu", &first, &next, mode, &inode) == 4) {
            start = first;
            end = next;
            is_read_only = inode != 0 && (strcmp(mode, "r-xp") == 0 || strcmp(mode, "r--p") == 0);
        } else if (sscanf(line, "Anonymous: %lu kB", &changed) == 1) {
            continue;
        } else if (sscanf(line, "Swap: %lu kB", &swapped) == 1 && is_read_only && changed == 0 && swapped == 0) {
            madvise((void *)start, end - start, MADV_DONTNEED);
        }
    }
    fclose(areas);
}
