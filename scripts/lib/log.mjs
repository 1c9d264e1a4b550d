// Set-up speaks on stderr, so that the stdout of `npm start -- --json` is the benchmark's alone.
export function createLog(prefix = 'set-up') {
  let printed = 0;
  const seconds = (sinceMs) => `${((Date.now() - sinceMs) / 1000).toFixed(1)} s`;
  const line = (text) => {
    printed++;
    process.stderr.write(`${prefix}: ${text}\n`);
  };
  return {
    line,
    lines(texts) {
      for (const text of texts) process.stderr.write(`  ${text}\n`);
    },
    done(text, sinceMs) {
      line(`${text} (${seconds(sinceMs)})`);
    },
    finish(sinceMs) {
      line(`${printed === 0 ? 'up to date' : 'done'} (${seconds(sinceMs)})`);
    },
  };
}
