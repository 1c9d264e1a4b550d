import { type Html, html } from '../../verify/coverage/html.js';

/** A part of the page. */
export interface Section {
  /** Id of its heading. */
  readonly id: string;
  /** Its heading, and its name in the navigation. */
  readonly title: string;
  readonly body: Html;
}

/** What a chart says, and what it does not. */
export function caption(says: string, not: string): Html {
  return html`<p class="caption"><b>Says:</b> ${says} <b>Does not say:</b> ${not}</p>`;
}

export function sectionHtml({ id, title, body }: Section): Html {
  return html`<section aria-labelledby="${id}">
<h2 id="${id}">${title}</h2>
${body}
</section>
`;
}
