/**
 * Coefficients that give least squares of relative errors, none below 0: those that would be are left out, the worst first.
 * A little weight on `prior` decides where the rows do not.
 */
export function fitRelative(
  rows: readonly (readonly number[])[],
  values: readonly number[],
  prior: readonly number[],
): number[] {
  const active = prior.map(() => true);
  for (;;) {
    const at = active.flatMap((isActive, i) => (isActive ? [i] : []));
    const found = solve(
      normal(rows, values, at),
      at.map((i) => prior[i] as number),
    );
    const worst = found.reduce(
      (least, value, i) => (value < (found[least] as number) ? i : least),
      0,
    );
    if (found.length === 0 || (found[worst] as number) >= 0) {
      const all = prior.map(() => 0);
      at.forEach((i, k) => {
        all[i] = found[k] as number;
      });
      return all;
    }
    active[at[worst] as number] = false;
  }
}

interface Normal {
  readonly matrix: number[][];
  readonly right: number[];
}

/** Normal equations of the chosen columns, each row divided by its value. */
function normal(
  rows: readonly (readonly number[])[],
  values: readonly number[],
  at: readonly number[],
): Normal {
  const scaled = rows.map((row, r) => at.map((i) => (row[i] as number) / (values[r] as number)));
  const column = (i: number) => scaled.map((row) => row[i] as number);
  const dot = (a: readonly number[], b: readonly number[]): number =>
    a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
  return {
    matrix: at.map((_, i) => at.map((_, j) => dot(column(i), column(j)))),
    right: at.map((_, i) => column(i).reduce((sum, value) => sum + value, 0)),
  };
}

/** Gaussian elimination with pivots, after a pull to the prior that is too weak to be seen where the rows decide. */
function solve({ matrix, right }: Normal, prior: readonly number[]): number[] {
  const n = right.length;
  const a = matrix.map((row, i) => {
    const pull = 1e-9 * Math.max(1e-12, row[i] as number);
    return [
      ...row.map((value, j) => value + (i === j ? pull : 0)),
      (right[i] as number) + pull * (prior[i] as number),
    ];
  });
  for (let i = 0; i < n; i++) {
    let pivot = i;
    for (let r = i + 1; r < n; r++) {
      if (Math.abs(a[r]?.[i] as number) > Math.abs(a[pivot]?.[i] as number)) pivot = r;
    }
    [a[i], a[pivot]] = [a[pivot] as number[], a[i] as number[]];
    for (let r = 0; r < n; r++) {
      if (r === i) continue;
      const factor = (a[r]?.[i] as number) / (a[i]?.[i] as number);
      for (let c = i; c <= n; c++) {
        (a[r] as number[])[c] = (a[r]?.[c] as number) - factor * (a[i]?.[c] as number);
      }
    }
  }
  return a.map((row, i) => (row[n] as number) / (row[i] as number));
}
