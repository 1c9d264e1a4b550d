import type { PlannedActivity } from './activity-plan.js';

/** Part of `design.h`: where the bits are whose changes are counted. See native/driver/activity_sampler.h. */
export function activityLines(
  activity: PlannedActivity | null,
  clocks: readonly string[],
): string[] {
  const groups = activity?.groups ?? [];
  const indices = groups.map(({ clock }) => Math.max(clocks.indexOf(clock), 0));
  const isMemory = groups.map(({ kind }) => kind === 'memories');
  const listOf = (values: readonly unknown[]): string => values.join(', ') || '0';
  const visits = (activity?.members ?? []).flatMap((members, group) =>
    members.map(({ expression }) => `    visit(${group}u, &${expression}, sizeof ${expression});`),
  );
  return [
    `  static constexpr uint32_t kActivityGroups = ${groups.length};`,
    `  static constexpr uint32_t kActivityClockCount = ${clocks.length};`,
    `  static constexpr uint32_t kActivityClocks[] = {${listOf(indices)}};`,
    `  static constexpr bool kActivityIsMemory[] = {${listOf(isMemory)}};`,
    '  template <typename Visit>',
    '  static void VisitActivity(Top& top, Visit&& visit) {',
    '    auto& root = *top.rootp; (void)root; (void)visit;',
    ...visits,
    '  }',
  ];
}
