#pragma once
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>

/// How the probing helper locks itself in before it looks at a file: libav reads hostile bytes. In a header, because the helper links nothing of this library.
namespace motionspool::media {

namespace detail {
inline void cap(__rlimit_resource what, rlim_t limit) {
    const rlimit both{limit, limit};
    ::setrlimit(what, &both);
}

#if defined(__x86_64__)
inline constexpr unsigned this_machine = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
inline constexpr unsigned this_machine = AUDIT_ARCH_AARCH64;
#endif

/// All that is left: the descriptors that are open already, memory, the clock, and to end. No file is opened, no socket made, no process or thread started.
inline constexpr std::array allowed_calls{
    __NR_read,         __NR_pread64,
    __NR_write,        __NR_lseek,
    __NR_fstat,        __NR_close,
    __NR_mmap,         __NR_munmap,
    __NR_mremap,       __NR_mprotect,
    __NR_brk,          __NR_madvise,
    __NR_futex,        __NR_clock_gettime,
    __NR_clock_getres, __NR_getpid,
    __NR_gettid,       __NR_tgkill,
    __NR_rt_sigaction, __NR_rt_sigprocmask,
    __NR_rt_sigreturn, __NR_sigaltstack,
    __NR_sysinfo,      __NR_getrandom,
    __NR_sched_yield,  __NR_sched_getaffinity,
    __NR_exit,         __NR_exit_group,
};

/// Whatever else is asked for fails with EPERM, as if the helper had no right to it. @return false where the kernel has no such filters
inline bool filter_system_calls() {
#if defined(__x86_64__) || defined(__aarch64__)
    constexpr auto calls = allowed_calls.size();
    std::array<sock_filter, calls + 6> program{};
    std::size_t n = 0;
    program.at(n++) = BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, arch));
    program.at(n++) = BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, this_machine, 1, 0);
    program.at(n++) = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
    program.at(n++) = BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr));
    for (std::size_t i = 0; i < calls; ++i)
        program.at(n++) = BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<unsigned>(allowed_calls.at(i)), static_cast<unsigned char>(calls - i), 0);
    program.at(n++) = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
    program.at(n++) = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    const sock_fprog filter{static_cast<unsigned short>(program.size()), program.data()};
    return ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0) == 0;
#else
    return false;
#endif
}
}  // namespace detail

/// For the rest of the process: 10 s of processor time, 1 GiB of addresses, no new descriptor, no core, no new privileges, the death of the parent is its own,
/// and no system call but the few it needs. No limit on file sizes: it would end a helper whose output is a file.
/// @return false if the system calls could not be filtered (a kernel without seccomp); everything else holds all the same
inline bool confine() {
    detail::cap(RLIMIT_CPU, 10);
#ifndef MOTIONSPOOL_SANITIZED  // the sanitizer reserves terabytes of addresses
    detail::cap(RLIMIT_AS, rlim_t{1} << 30);
#endif
    detail::cap(RLIMIT_NOFILE, 0);
    detail::cap(RLIMIT_CORE, 0);
    ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && detail::filter_system_calls();
}

}  // namespace motionspool::media
