/** What timings are taken with; tests give their own, so that nothing hangs on how fast a machine is. */
export interface Clock {
  /** Host time, ns. */
  now(): number;
  /** CPU time of the whole process so far, all threads, ns. */
  cpu(): number;
}

/** Clocks of this process. */
export const HOST_CLOCK: Clock = {
  now: () => performance.now() * 1e6,
  cpu: () => {
    const { user, system } = process.cpuUsage();
    return (user + system) * 1000;
  },
};
