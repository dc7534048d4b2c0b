#pragma once

/// Where the threads of this process stand, for a person who looks for the reason of a hang: addresses and symbols, no
/// values. `addr2line -Cfe kapokd ADDRESS` turns an address into a line of the source.
namespace kapok::ops {

/// Call once before dump_stacks, while all is well: the first backtrace of a process loads a library.
void prepare_stack_dump();

/// Writes the stack of every other thread to standard error, one after the other. A thread that does not answer a
/// signal within 50 ms (it waits in the kernel for a disk) is passed over.
void dump_stacks();

}  // namespace kapok::ops
