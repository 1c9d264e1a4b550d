import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ChildWatch } from '../../src/paths/isolated/child-watch.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const watched = (limitMs = 800) => {
  const seen = { asked: 0, silent: 0, isAwaited: true };
  const watch = new ChildWatch(limitMs, {
    isAwaited: () => seen.isAwaited,
    ask: () => seen.asked++,
    onSilent: () => seen.silent++,
  });
  return { watch, seen };
};

test('a child that never answers is silent once, after the limit and before 1.25 of it', () => {
  const { watch, seen } = watched();
  watch.expect();
  vi.advanceTimersByTime(800);
  expect(seen).toMatchObject({ asked: 8, silent: 0 });
  vi.advanceTimersByTime(200);
  expect(seen.silent).toBe(1);
  vi.advanceTimersByTime(10_000);
  expect(seen).toMatchObject({ asked: 8, silent: 1 });
});

test('a child that answers each time is never silent', () => {
  const { watch, seen } = watched();
  watch.expect();
  for (let i = 0; i < 100; i++) {
    vi.advanceTimersByTime(100);
    watch.heard();
  }
  expect(seen).toMatchObject({ asked: 100, silent: 0 });
});

test('a child of which nothing is expected is left in peace, and watched again from the next batch', () => {
  const { watch, seen } = watched();
  watch.expect();
  seen.isAwaited = false;
  vi.advanceTimersByTime(10_000);
  expect(seen).toMatchObject({ asked: 0, silent: 0 });
  expect(vi.getTimerCount()).toBe(0);
  seen.isAwaited = true;
  watch.expect();
  vi.advanceTimersByTime(1_000);
  expect(seen.silent).toBe(1);
});

test('a process that slept for an hour itself does not blame its child', () => {
  const { watch, seen } = watched();
  watch.expect();
  vi.advanceTimersByTime(300);
  // The clocks go on while timers do not: one look is late, and the answers of the child are read after it.
  vi.setSystemTime(Date.now() + 3_600_000);
  vi.advanceTimersByTime(100);
  expect(seen.silent).toBe(0);
  watch.heard();
  vi.advanceTimersByTime(700);
  expect(seen.silent).toBe(0);
});

test('a limit of 0 is none', () => {
  const { watch, seen } = watched(0);
  watch.expect();
  vi.advanceTimersByTime(100_000);
  expect(seen).toMatchObject({ asked: 0, silent: 0 });
});
