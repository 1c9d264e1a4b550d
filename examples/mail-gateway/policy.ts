/** Longest time that a request waits, ms. */
export const DEADLINE_MS = 5_000;

/** How the service opens its handles. */
export const HANDLE_OPTIONS = {
  // A kernel that crashes or hangs costs its process.
  isolation: 'process',
  // All requests wait while a model is waited for. Both times, and one more start of a child, lie well within the deadline.
  cycleTimeoutMs: 1_000,
  childTimeoutMs: 1_500,
  // Whoever cannot be answered soon hears so at once, instead of waiting in a queue that grows.
  batching: { maxQueuedMessages: 4_096, whenFull: 'reject' },
} as const;
