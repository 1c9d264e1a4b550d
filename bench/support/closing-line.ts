/** Prints the one line that machines read: figures of a bench script, three digits each. */
export function printClosingLine(figures: Readonly<Record<string, number>>): void {
  const rounded = Object.entries(figures).map(([key, value]) => [
    key,
    Number(value.toPrecision(3)),
  ]);
  process.stdout.write(`${JSON.stringify(Object.fromEntries(rounded))}\n`);
}
