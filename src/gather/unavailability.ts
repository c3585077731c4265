/** Why a list could not be looked at: a closed set of plain words, so that no server's own words reach a card or a log. */
export const whyNot = {
  absent: 'not sent, and no server to ask',
  unscoped: 'not permitted by the scopes of the token',
  narrowed: 'only a part is permitted by the scopes of the token',
  busy: 'the server asked to wait',
  forbidden: 'refused by the server',
  notOffered: 'not offered by the server',
  failed: 'the server failed',
  unreadable: 'the answer could not be read',
  slow: 'not answered in time',
  truncated: 'only the first part was read',
  withheld: 'the server left some out',
  ownerless: 'some entries do not say whose they are',
  loop: 'the server repeats its pages',
  elsewhere: 'the server points to another place',
} as const;

export type WhyNot = (typeof whyNot)[keyof typeof whyNot];
