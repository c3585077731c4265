/** The two plain pages of the authorization server, as HTML without script. Knows nothing of requests. */

export function pickerPage(request: string, patients: readonly { readonly id: string; readonly name: string }[]): string {
  const choices = patients.map(
    ({ id, name }, index) =>
      `<p><label><input type="radio" name="patient" value="${escapeHtml(id)}" required${index === 0 ? ' checked' : ''}> ${escapeHtml(name)}</label></p>`,
  );
  return page(
    'Choose a patient',
    `<p>An app asks to see one patient's chart. All patients here are invented.</p>
<form method="post" action="choose"><input type="hidden" name="request" value="${escapeHtml(request)}">
<fieldset><legend>Patient</legend>${choices.join('\n')}</fieldset>
<p><button type="submit">Open the app</button></p></form>`,
  );
}

export function refusalPage(text: string): string {
  return page('The app cannot be opened', `<p role="alert">${escapeHtml(text)}</p>`);
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(title)}</title>
<style>body{font:1rem/1.5 system-ui,sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b;background:#fff}button{font:inherit;padding:.5rem 1rem}</style></head>
<body><main><h1>${escapeHtml(title)}</h1>
${body}
</main></body></html>
`;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '');
}
