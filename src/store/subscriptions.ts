import { and, eq, isNull } from 'drizzle-orm/sql';
import type { Database, Statement } from './database.js';
import { db, excluded, type Given, insert, pick, query } from './query.js';
import { people, subscriptions } from './schema.js';
import { storable } from './storable.js';
import type { SubscribedTo, Subscription, Subscriptions, SubscriptionWrite } from './subscriptions-port.js';

const columns = pick(subscriptions, 'person_id', 'about', 'link', 'since', 'ended_at');
const { link, since, ended_at } = subscriptions;
const begin = insert(subscriptions, {
  set: Object.fromEntries([link, since, ended_at].map((column) => [column.name, excluded(column)])),
});
const end = query(({ personId, about, at }: Given<{ personId: string; about: string; at: number }>) =>
  db
    .update(subscriptions)
    .set({ ended_at: at })
    .where(and(eq(subscriptions.person_id, personId), eq(subscriptions.about, about), isNull(subscriptions.ended_at))),
);
const ofPerson = query(({ personId }: Given<{ personId: string }>) =>
  db.select(columns).from(subscriptions).where(eq(subscriptions.person_id, personId)).orderBy(subscriptions.about),
);
const aboutOne = query(({ about }: Given<{ about: string }>) =>
  db
    .select(columns)
    .from(subscriptions)
    .innerJoin(people, eq(people.person_id, subscriptions.person_id))
    .where(and(eq(subscriptions.about, about), isNull(people.gone_at)))
    .orderBy(subscriptions.person_id),
);
const byLink = query(({ link }: Given<{ link: string }>) =>
  db.select(columns).from(subscriptions).where(eq(subscriptions.link, link)),
);

export function subscriptionStatement(write: SubscriptionWrite): Statement {
  if ('end' in write) return end({ ...write.end, at: write.at });
  const { personId, about, link, since } = write.begin;
  return begin({ person_id: personId, about: storable(about), link, since, ended_at: null });
}

const asSubscription = (row: typeof subscriptions.$inferSelect): Subscription => ({
  personId: row.person_id,
  about: row.about as SubscribedTo,
  link: row.link,
  since: row.since,
  endedAt: row.ended_at,
});

export const subscriptionsOf = (database: Database): Subscriptions => ({
  async subscriptionsOf(personId) {
    return (await database.read(ofPerson({ personId }))).map(asSubscription);
  },
  async subscribedTo(all) {
    const found = await database.readEach(all.map((about) => aboutOne({ about: storable(about) })));
    return found.flat().map(asSubscription);
  },
  async subscriptionBy(given) {
    const [row] = await database.read(byLink({ link: storable(given) }));
    return row ? asSubscription(row) : null;
  },
});
