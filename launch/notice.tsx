/** One plain sentence where there is nothing else to show. */
export function Notice({ title, text }: { readonly title: string; readonly text: string }) {
  return (
    <main class="page" data-testid="app-notice">
      <h1>{title}</h1>
      <p>{text}</p>
    </main>
  );
}
