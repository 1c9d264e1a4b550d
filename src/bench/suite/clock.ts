import { readFileSync } from 'node:fs';

/** What timings are taken with; tests give their own, so that nothing hangs on how fast a machine is. */
export interface Clock {
  /** Host time, ns. */
  now(): number;
  /** CPU time so far, ns: of the whole process with all its threads, or of this thread alone. */
  cpu(isThreaded: boolean): number;
}

function processCpuNs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
}

// The collector's and the compiler's own threads work on after a round, and would be charged to whoever runs next: 4 times the
// CPU time of a loop that allocates nothing. Only Linux tells the time of one thread to Node 20.
const SCHEDSTAT = '/proc/thread-self/schedstat';

function threadCpuNs(): number {
  try {
    return Number(readFileSync(SCHEDSTAT, 'latin1').split(' ')[0]);
  } catch {
    return processCpuNs();
  }
}

/** Clocks of this process. */
export const HOST_CLOCK: Clock = {
  now: () => performance.now() * 1e6,
  cpu: (isThreaded) => (isThreaded ? processCpuNs() : threadCpuNs()),
};
