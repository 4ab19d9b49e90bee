import type { AudienceKind } from '../incident/state.js';

/** Somebody outside chat who is told of public incidents, as configured. */
export interface Audience {
  /** Stable: what is on its way is known by it. */
  name: string;
  /** What is told of it; see the policy. */
  kind: AudienceKind;
  reach: { by: 'mail'; to: string[] } | { by: 'webhook'; url: string; secrets: string[] };
}

/** A server that shows a person what it is called with, such as ntfy or Gotify. */
export interface PushAddress {
  url: string;
  /** They sign the calls. */
  secrets: string[];
  /** What some servers tell people apart by; null: their address says it. */
  topic: string | null;
}

/** The server that takes outgoing mail. */
export interface MailServer {
  host: string;
  port: number;
  /** `starttls`: the connection must become encrypted. `tls`: it is from the start. `none`: it never is. */
  security: 'starttls' | 'tls' | 'none';
  user: string | null;
  password: string | null;
  from: { name: string; address: string };
  /** Certificates to trust besides the usual ones, PEM. */
  ca: string | null;
}

/** The earliest somebody looks after a delay that a server asked for. */
export const waitAtMostMs = 60 * 60_000;

/** What everybody reads, without what is only known inside. */
export const publicPage = (publicUrl: string, number: number): string => `${publicUrl}/public/incidents/${number}`;

/** Where an incident is told in plain words. */
export const statusPage = (publicUrl: string, number: number): string => `${publicUrl}/incidents/${number}/status`;
