const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A piece of HTML that needs no escaping. */
export class Html {
  constructor(readonly text: string) {}
}

type Value = Html | string | number | readonly Html[];

/** Builds HTML: everything put in is escaped, unless it is {@link Html} itself. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  return new Html(parts.map((part, i) => (i === 0 ? '' : escaped(values[i - 1])) + part).join(''));
}

function escaped(value: Value | undefined): string {
  if (value instanceof Html) return value.text;
  if (Array.isArray(value)) return value.map((entry: Html) => entry.text).join('');
  return String(value).replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char);
}
