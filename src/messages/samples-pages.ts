import type { Incident } from '../incident/state.js';
import type { Card } from './card.js';
import { pageCard, pageOverCard, unreachedCard } from './page-cards.js';

/** What whoever is called reads, and what the channel reads when no way reached them. */
export function pageSamples(incident: Incident): [title: string, card: Card][] {
  const { title } = incident;
  const open: Incident = { ...incident, acknowledgedAt: null };
  const ada = { personId: 'ada', name: 'Ada' };
  return [
    ['a page', pageCard(open, 'on call for primary')],
    ['a page, why is unknown', pageCard(open, null)],
    ['a page, over', pageOverCard(incident, ada, 'bob')],
    ['a page, over by itself', pageOverCard({ ...open, status: 'resolved' }, null, 'bob')],
    [
      'nobody reached',
      unreachedCard(open, [
        { person: ada, phone: '+49 30 123456' },
        { person: { personId: 'bob', name: title }, phone: null },
      ]),
    ],
  ];
}
