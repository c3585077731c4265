/** One plain sentence where there is nothing else to show. Knows no patient. */

interface NoticeProps {
  readonly title: string;
  readonly text: string;
  /** Something is still under way. */
  readonly isBusy?: boolean;
}

export function Notice({ title, text, isBusy = false }: NoticeProps) {
  return (
    <main class="page stack" data-testid={isBusy ? 'app-busy' : 'app-notice'} aria-busy={isBusy}>
      <h1>{title}</h1>
      <p role={isBusy ? 'status' : 'alert'}>{text}</p>
    </main>
  );
}
