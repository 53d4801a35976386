"""The system calls that a worker may not make, as a seccomp filter.

A deny-list: computing needs memory, time and its one socket, and what would reach beyond the process is
refused with EPERM. Calls newer than this list are refused with ENOSYS, on which C libraries fall back to older
ones. The filter is classic BPF, see seccomp(2); the numbers are those of the kernel's headers.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct

# name, number on x86_64, number on aarch64 (- where the architecture has no such call)
_DENIED = """
# network
socket 41 198
socketpair 53 199
connect 42 203
bind 49 200
listen 50 201
accept 43 202
accept4 288 242
sendmmsg 307 269
recvmmsg 299 243
sendmsg 46 211
# processes
fork 57 -
vfork 58 -
clone 56 220
clone3 435 435
execve 59 221
execveat 322 281
unshare 272 97
setns 308 268
# signals
kill 62 129
tkill 200 130
tgkill 234 131
rt_sigqueueinfo 129 138
rt_tgsigqueueinfo 297 240
pidfd_open 434 434
pidfd_getfd 438 438
pidfd_send_signal 424 424
# the memory of other processes
ptrace 101 117
process_vm_readv 310 270
process_vm_writev 311 271
process_madvise 440 440
process_mrelease 448 448
kcmp 312 272
perf_event_open 298 241
userfaultfd 323 282
bpf 321 280
# input and output that a filter cannot look into
io_uring_setup 425 425
io_uring_enter 426 426
io_uring_register 427 427
io_setup 206 0
io_submit 209 2
# keys
add_key 248 217
request_key 249 218
keyctl 250 219
# the machine itself
mount 165 40
umount2 166 39
pivot_root 155 41
chroot 161 51
move_mount 429 429
open_tree 428 428
fsopen 430 430
fsconfig 431 431
fsmount 432 432
fspick 433 433
mount_setattr 442 442
swapon 167 224
swapoff 168 225
quotactl 179 60
quotactl_fd 443 443
acct 163 89
reboot 169 142
sethostname 170 161
setdomainname 171 162
init_module 175 105
finit_module 313 273
delete_module 176 106
kexec_load 246 104
kexec_file_load 320 294
iopl 172 -
ioperm 173 -
modify_ldt 154 -
syslog 103 116
settimeofday 164 170
clock_settime 227 112
adjtimex 159 171
clock_adjtime 305 266
nfsservctl 180 42
lookup_dcookie 212 18
personality 135 92
vhangup 153 58
# files by handle, watching files
name_to_handle_at 303 264
open_by_handle_at 304 265
fanotify_init 300 262
fanotify_mark 301 263
inotify_init 253 -
inotify_init1 294 26
# memory beyond the process
shmget 29 194
shmat 30 196
shmctl 31 195
msgget 68 186
msgsnd 69 189
semget 64 190
semop 65 193
semtimedop 220 192
mq_open 240 180
mq_unlink 241 181
memfd_create 319 279
memfd_secret 447 447
# metadata of files, which Landlock does not guard
chmod 90 -
fchmod 91 52
fchmodat 268 53
chown 92 -
fchown 93 55
lchown 94 -
fchownat 260 54
utime 132 -
utimes 235 -
utimensat 280 88
futimesat 261 -
setxattr 188 5
lsetxattr 189 6
fsetxattr 190 7
removexattr 197 14
lremovexattr 198 15
fremovexattr 199 16
# identity
setuid 105 146
setgid 106 144
setreuid 113 145
setregid 114 143
setresuid 117 147
setresgid 119 149
setfsuid 122 151
setfsgid 123 152
setgroups 116 159
capset 126 91
# scheduling and placement of others
setpriority 141 140
ioprio_set 251 30
sched_setaffinity 203 122
sched_setscheduler 144 119
sched_setparam 142 118
sched_setattr 314 274
migrate_pages 256 238
move_pages 279 239
mbind 237 235
set_mempolicy 238 237
set_mempolicy_home_node 450 450
# the confinement itself
landlock_create_ruleset 444 444
landlock_add_rule 445 445
landlock_restrict_self 446 446
seccomp 317 277
"""
_PRLIMIT = {"x86_64": 302, "aarch64": 261}
_CLONE = {"x86_64": 56, "aarch64": 220}
_CLONE3 = 435
_NEWEST = 451  # cachestat, Linux 6.5
_CLONE_THREAD = 0x10000
_AUDIT_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}

_PR_SET_SECCOMP, _MODE_FILTER = 22, 2
_ALLOW, _ERRNO, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_LOAD, _EQUAL, _GREATER, _ANY_BIT, _RETURN = 0x20, 0x15, 0x25, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _ARGUMENT_0 = 0, 4, 16  # offsets in struct seccomp_data


def known_here() -> bool:
    """Whether there is a list for this architecture."""
    return platform.machine() in _AUDIT_ARCHITECTURES


def install(*, threads: bool) -> None:
    """Filter the system calls of this process for good. `threads`: it may start some (CUDA does).

    Needs no-new-privs, or root. Nothing happens on an architecture without a list.
    """
    if not known_here():
        return
    code = _program(platform.machine(), threads)
    buffer = ctypes.create_string_buffer(code)
    program = struct.pack("HxxxxxxP", len(code) // 8, ctypes.addressof(buffer))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_SECCOMP, _MODE_FILTER, program, 0, 0) != 0:
        error = ctypes.get_errno()
        raise OSError(error, f"seccomp: {os.strerror(error)}")


def _program(machine: str, threads: bool) -> bytes:
    refuse, unknown = _ERRNO | errno.EPERM, _ERRNO | errno.ENOSYS
    lines = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 1, 0, _AUDIT_ARCHITECTURES[machine]),
        (_RETURN, 0, 0, _KILL),  # 32-bit calls have other numbers
        (_LOAD, 0, 0, _NUMBER),
        (_GREATER, 0, 1, _NEWEST),  # also those of x32, which start at 2 ** 30
        (_RETURN, 0, 0, unknown),
    ]
    denied = set(_denied(machine))
    if threads:
        denied -= {_CLONE[machine], _CLONE3}
        lines += _when(_CLONE3, unknown)  # its flags are behind a pointer: C libraries fall back to clone
        lines += [
            (_EQUAL, 0, 4, _CLONE[machine]),
            (_LOAD, 0, 0, _ARGUMENT_0),
            (_ANY_BIT, 1, 0, _CLONE_THREAD),
            (_RETURN, 0, 0, refuse),
            (_RETURN, 0, 0, _ALLOW),
        ]
    for number in sorted(denied):
        lines += _when(number, refuse)
    lines += [  # a process may lower its own limits, and not touch those of others
        (_EQUAL, 0, 4, _PRLIMIT[machine]),
        (_LOAD, 0, 0, _ARGUMENT_0),
        (_EQUAL, 1, 0, 0),
        (_RETURN, 0, 0, refuse),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _ALLOW),
    ]
    return b"".join(struct.pack("HBBI", *line) for line in lines)


def _when(number: int, action: int) -> list[tuple[int, int, int, int]]:
    return [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, action)]


def _denied(machine: str) -> list[int]:
    column = 1 if machine == "x86_64" else 2
    rows = [line.split() for line in _DENIED.splitlines() if line and not line.startswith("#")]
    return [int(row[column]) for row in rows if row[column] != "-"]
