/** By code unit, so that every machine and locale agrees. */
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Orders names so that `key[2]` comes before `key[10]`. */
export function byName(a: string, b: string): number {
  // Odd parts are the numbers.
  const [left, right] = [a.split(/(\d+)/), b.split(/(\d+)/)];
  for (const [i, x] of left.entries()) {
    const y = right[i] ?? '';
    const order = i % 2 === 1 ? Number(x) - Number(y) : byText(x, y);
    if (order !== 0) return order;
  }
  // They differ in leading zeros at most.
  return byText(a, b);
}
