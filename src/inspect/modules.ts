/** A Verilog text without comments, strings and attributes, which would look like code. */
function codeOf(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, ' ')
    .replace(/\/\/[^\n]*/g, ' ')
    .replace(/"(?:\\.|[^"\\\n])*"/g, '""');
}

/** Names of the modules that a Verilog text defines. */
export function moduleNames(text: string): string[] {
  return [...codeOf(text).matchAll(/\bmodule\s+(?:automatic\s+|static\s+)?([A-Za-z_][\w$]*)/g)].map(
    (match) => match[1] as string,
  );
}

/**
 * Modules that no other of the text instantiates: where there is one, it is the top.
 *
 * Reads names only; a module whose name is also that of a signal counts as instantiated.
 */
export function topModules(text: string): string[] {
  const code = codeOf(text);
  const names = moduleNames(text);
  return names.filter((name) => {
    const uses = code.match(new RegExp(`\\b${name.replaceAll('$', '\\$')}\\b`, 'g')) ?? [];
    const definitions = code.match(
      new RegExp(
        `\\b(end)?module\\s*:?\\s+(?:automatic\\s+|static\\s+)?${name.replaceAll('$', '\\$')}\\b`,
        'g',
      ),
    );
    return uses.length <= (definitions?.length ?? 0);
  });
}

/** Parameters of a module that have no default, as its header declares them. */
export function parametersWithoutDefault(text: string, module: string): string[] {
  const header = new RegExp(
    `\\bmodule\\s+(?:automatic\\s+|static\\s+)?${module}\\b\\s*#\\s*\\(([^;]*?)\\)\\s*\\(`,
  ).exec(codeOf(text))?.[1];
  if (header === undefined) return [];
  return header
    .split(',')
    .filter((part) => !part.includes('=') && !/\blocalparam\b/.test(part))
    .flatMap((part) => /([A-Za-z_]\w*)\s*(?:\[[^\]]*\]\s*)*$/.exec(part.trim())?.[1] ?? []);
}
