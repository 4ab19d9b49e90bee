/** What somebody gets by mail: everything, what concerns a service, or one incident. */
export type SubscribedTo = 'everything' | `service:${string}` | `incident:${string}`;

export interface Subscription {
  personId: string;
  about: SubscribedTo;
  /** What an unsubscribe link carries: it ends this one subscription and opens nothing. */
  link: string;
  since: number;
  /** null: it goes on. */
  endedAt: number | null;
}

export type SubscriptionWrite =
  | { begin: Omit<Subscription, 'endedAt'> }
  | { end: Pick<Subscription, 'personId' | 'about'>; at: number };

/** Part of the Store; written by a commit. Subscribing again gives a new link: the old one is dead. */
export interface Subscriptions {
  /** Of one person, those that have ended too. */
  subscriptionsOf(personId: string): Promise<Subscription[]>;
  /** Of everybody who is still here and gets any of this, by person; those that have ended too. */
  subscribedTo(about: readonly SubscribedTo[]): Promise<Subscription[]>;
  subscriptionBy(link: string): Promise<Subscription | null>;
}
