/** Where threads wait for each other. */

/** Looks at the barrier before a waiting thread goes to sleep: some tens of microseconds. */
const SHORT: u32 = 30000;

/** The same after others had to be woken: longer than waking takes, or threads would take turns at sleeping. */
const LONG: u32 = 80000;

/** How often this thread looks when it waits the next time; every thread has an instance of this module. */
let patience = SHORT;

/**
 * Gives back control when all `threads` threads have called it. A thread spins a while, which costs less than a system
 * call if the others are about to come, then sleeps, so that it does not hold the core that a late one needs.
 *
 * @param at three words (i32), all 0 at first, each in a cache line (64 bytes) of its own: how many have arrived, how
 *   often the barrier has opened, how many sleep
 */
export function barrier(at: usize, threads: i32): void {
  const generation = atomic.load<i32>(at, 64);
  if (atomic.add<i32>(at, 1) + 1 == threads) {
    atomic.store<i32>(at, 0);
    atomic.store<i32>(at, generation + 1, 64);
    if (atomic.load<i32>(at, 128) > 0) {
      atomic.notify(at + 64, -1);
      patience = LONG;
    }
    return;
  }
  const looks = patience;
  patience = SHORT;
  for (let n: u32 = 0; n < looks; n++) if (atomic.load<i32>(at, 64) != generation) return;
  atomic.add<i32>(at, 1, 128);
  while (atomic.load<i32>(at, 64) == generation) atomic.wait<i32>(at + 64, generation, -1);
  atomic.sub<i32>(at, 1, 128);
}
