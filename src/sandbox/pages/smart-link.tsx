/** A card's link: a page, or an app that the EHR launches in a tab of its own. Knows nothing of the app. */
import { lineOfError } from './call.js';
import type { Visit } from './visit.js';
import type { CdsLink } from './wire.js';
import { isHttp } from './words.js';

interface CardLinkViewProps {
  readonly link: CdsLink;
  readonly visit: Visit;
}

export function CardLinkView({ link, visit }: CardLinkViewProps) {
  if (!isHttp(link.url)) return <span class="faint">{link.label} (its address cannot be opened)</span>;
  if (link.type === 'absolute') {
    return (
      <a href={link.url} target="_blank" rel="noopener noreferrer" data-testid="absolute-link">
        {link.label}
      </a>
    );
  }
  return (
    <button type="button" class="link" data-testid="smart-link" onClick={() => void openApp(link, visit)}>
      {link.label} <span aria-hidden="true">↗</span>
      <span class="visually-hidden"> (opens a new tab)</span>
    </button>
  );
}

/** The tab is opened within the click, or a popup blocker would act, and cut loose from this page before it goes anywhere (`noopener` would give no handle to send it on). */
async function openApp(link: CdsLink, visit: Visit): Promise<void> {
  const tab = window.open('about:blank', '_blank');
  if (tab !== null) tab.opener = null;
  try {
    const url = await visit.launch(link);
    if (!isHttp(url)) throw new TypeError('not an address that can be opened');
    if (tab === null) visit.say('The browser blocked the new tab. Allow pop-ups for this page, then try again.');
    else tab.location.replace(url);
  } catch (error) {
    tab?.close();
    visit.say(`The app could not be launched. ${lineOfError(error)}`);
  }
}
