"""The system calls that a worker may make, and how the filters in `filters/` are made of them.

    python -m backpass.worker.system_calls

writes them, by libseccomp, for every architecture. What grading the solutions takes was seen by strace (openat, mmap,
recvfrom and some thirty more); what Python's memory, clocks, files and errors need is added. All else is refused with
EPERM, what nobody has thought of yet as well.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import errno
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryFile

FILTERS = Path(__file__).parent / "filters"
MACHINES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}  # AUDIT_ARCH_*, linux/audit.h

_ALLOWED = """
brk mmap munmap mremap mprotect madvise mincore
read readv pread64 preadv preadv2 write writev pwrite64 lseek close close_range dup dup2 dup3
open openat readlink readlinkat access faccessat faccessat2 getdents getdents64 getcwd
stat lstat fstat newfstatat statx statfs fstatfs
poll ppoll select pselect6 recvfrom recvmsg sendto shutdown getsockopt setsockopt getsockname getpeername
clock_gettime clock_getres clock_nanosleep nanosleep gettimeofday time times alarm setitimer getitimer
rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigsuspend rt_sigtimedwait sigaltstack pause
getpid gettid getppid getpgrp getpgid getsid getuid geteuid getgid getegid getgroups getresuid getresgid
sched_yield sched_getaffinity sched_getparam sched_getscheduler getcpu getpriority getrlimit setrlimit getrusage
uname sysinfo getrandom futex set_robust_list get_robust_list set_tid_address rseq membarrier arch_prctl
restart_syscall exit exit_group
""".split()  # noqa: SIM905 (as rows)
# Those that do many things, by the argument that says which, and its values: linux/prctl.h, asm-generic/fcntl.h and
# ioctls.h. Not among them is what reaches another process: F_SETOWN, F_SETSIG, FIOSETOWN, PR_SET_PDEATHSIG.
_ALLOWED_WITH = {
    "prctl": (0, {"PR_GET_DUMPABLE": 3, "PR_SET_NAME": 15, "PR_GET_NAME": 16, "PR_SET_VMA": 0x53564D41}),
    "fcntl": (1, {"F_DUPFD": 0, "F_GETFD": 1, "F_SETFD": 2, "F_GETFL": 3, "F_SETFL": 4, "F_DUPFD_CLOEXEC": 1030}),
    "ioctl": (1, {"TCGETS": 0x5401, "FIONREAD": 0x541B, "FIONBIO": 0x5421, "FIONCLEX": 0x5450, "FIOCLEX": 0x5451}),
    "prlimit64": (0, {"this process": 0}),
}
# CUDA's driver needs calls that nobody has listed: a worker that starts it may do all but this.
_DENIED_WITH_CUDA = """
connect bind listen accept accept4 sendmmsg recvmmsg fork vfork execve execveat unshare setns
kill tkill tgkill rt_sigqueueinfo rt_tgsigqueueinfo pidfd_open pidfd_getfd pidfd_send_signal
ptrace process_vm_readv process_vm_writev process_madvise process_mrelease kcmp perf_event_open userfaultfd bpf
io_uring_setup io_uring_enter io_uring_register io_setup io_submit add_key request_key keyctl
mount umount2 pivot_root chroot move_mount open_tree fsopen fsconfig fsmount fspick mount_setattr
truncate chmod fchmod fchmodat chown fchown lchown fchownat utime utimes utimensat futimesat
setxattr lsetxattr fsetxattr removexattr lremovexattr fremovexattr name_to_handle_at open_by_handle_at
setuid setgid setreuid setregid setresuid setresgid setfsuid setfsgid setgroups capset setpriority
landlock_create_ruleset landlock_add_rule landlock_restrict_self seccomp
""".split()  # noqa: SIM905 (as rows)
_CLONE_THREAD = 0x10000

_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000  # SCMP_ACT_*, seccomp.h
_REFUSE, _MISSING = _ERRNO | errno.EPERM, _ERRNO | errno.ENOSYS
_UNEQUAL, _EQUAL, _MASKED_EQUAL = 1, 4, 7  # SCMP_CMP_*
_OPTIMIZE, _BINARY_TREE = 8, 2  # SCMP_FLTATR_CTL_OPTIMIZE
_NEWEST = 480  # numbers that libseccomp is asked for


class _Comparison(ctypes.Structure):
    _fields_ = (("argument", ctypes.c_uint), ("op", ctypes.c_int), ("a", ctypes.c_uint64), ("b", ctypes.c_uint64))


class _Seccomp:
    """What of libseccomp is needed to write a filter."""

    def __init__(self) -> None:
        name = ctypes.util.find_library("seccomp")
        if name is None:
            raise OSError("libseccomp is not installed here.")
        self._library = library = ctypes.CDLL(name)
        library.seccomp_init.restype = library.seccomp_syscall_resolve_num_arch.restype = ctypes.c_void_p

    def filter(self, machine: str, *, cuda: bool) -> bytes:
        """The filter for an architecture, as classic BPF."""
        library = self._library
        rules = ctypes.c_void_p(library.seccomp_init(_ALLOW if cuda else _REFUSE))
        library.seccomp_arch_remove(rules, 0)
        self._checked(library.seccomp_arch_add(rules, MACHINES[machine]))
        library.seccomp_attr_set(rules, _OPTIMIZE, _BINARY_TREE)
        for name in self._known(machine):
            for action, comparison in _rules(name, cuda=cuda):
                number = library.seccomp_syscall_resolve_name(name.encode())
                array = (_Comparison * 1)(*([comparison] if comparison else []))
                self._checked(library.seccomp_rule_add_array(rules, action, number, int(comparison is not None), array))
        with TemporaryFile() as file:
            self._checked(library.seccomp_export_bpf(rules, file.fileno()))
            file.seek(0)
            content = file.read()
        library.seccomp_release(rules)
        return content

    def _known(self, machine: str) -> Iterator[str]:
        """The names of an architecture's calls."""
        for number in range(_NEWEST):
            name = self._library.seccomp_syscall_resolve_num_arch(MACHINES[machine], number)
            if name:
                yield ctypes.cast(name, ctypes.c_char_p).value.decode()  # type: ignore[union-attr]

    @staticmethod
    def _checked(result: int) -> None:
        if result < 0:
            raise OSError(-result, "libseccomp")


def _rules(name: str, *, cuda: bool) -> Iterator[tuple[int, _Comparison | None]]:
    """What is done about a call: an action, and of which argument it depends. All else is as the filter begins."""
    if not cuda:
        if name in _ALLOWED:
            yield _ALLOW, None
        argument, values = _ALLOWED_WITH.get(name, (0, {}))
        for value in values.values():
            yield _ALLOW, _Comparison(argument, _EQUAL, value, 0)
    elif name in _DENIED_WITH_CUDA:
        yield _REFUSE, None
    elif name == "clone":
        yield _REFUSE, _Comparison(0, _MASKED_EQUAL, _CLONE_THREAD, 0)
    elif name == "clone3":
        yield _MISSING, None  # its flags are behind a pointer: C libraries fall back to clone
    elif name == "prlimit64":
        yield _REFUSE, _Comparison(0, _UNEQUAL, 0, 0)


def main() -> None:
    """Write the filters."""
    seccomp = _Seccomp()
    for machine in MACHINES:
        for cuda in (False, True):
            path_of(machine, cuda=cuda).write_bytes(seccomp.filter(machine, cuda=cuda))


def path_of(machine: str, *, cuda: bool) -> Path:
    """Where the filter for an architecture is."""
    return FILTERS / f"{machine}{'_cuda' if cuda else ''}.bpf"


if __name__ == "__main__":
    main()
