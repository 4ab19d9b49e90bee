import type { PushAddress } from '../audiences/audience.js';
import type { Incident } from '../incident/state.js';
import { literal } from '../messages/literal.js';
import { acknowledgeWords } from '../messages/page-cards.js';

/** Whoever is called. */
export interface Callee {
  personId: string;
  name: string;
  phone: string | null;
  email: string | null;
  push: PushAddress | null;
}

/** One call to one person, as every way of theirs tells it. */
export interface Page {
  /** null: they try their ways, and nothing has happened. */
  incident: Incident | null;
  person: Callee;
  /** What they are by then, such as `on call for primary`. */
  because: string | null;
  /** Where one press acknowledges as this person; null: nothing is to be acknowledged. */
  link: string | null;
  /** How long that holds. */
  lastsMs: number;
  publicUrl: string;
  /** What the incident is called may be read on the way. */
  titled: boolean;
  now: number;
}

const titleAtMost = 150;

/** The words of a page, plain and on one line each. */
export interface PageWords {
  /** `[sev1] #12 Registry: pushes fail` */
  title: string;
  /** What it is and why it rings. */
  text: string;
  /** `critical`, `error`, `warning` or `info`: how other systems name how grave it is. */
  grade: 'critical' | 'error' | 'warning' | 'info';
}

const grades = { sev1: 'critical', sev2: 'error', sev3: 'warning' } as const;

export function pageWords({ incident, person, because, titled }: Page): PageWords {
  if (incident === null)
    return {
      title: 'Test page from Muster',
      text: `${literal(person.name, 80)} tries their ways. Nothing has happened.`,
      grade: 'info',
    };
  const { number, severity, title, drill, visibility, services } = incident;
  const what = titled ? ` ${literal(title, titleAtMost)}` : visibility === 'private' ? ' (private)' : '';
  const where = titled && services.length > 0 ? ` Services: ${literal(services.slice(0, 5).join(', '), 200)}.` : '';
  // What somebody typed with it may be read where the title may.
  const shown = titled ? because : (because?.replace(/: [\s\S]*$/, '') ?? null);
  const why = shown === null ? 'You are called.' : `You are ${literal(shown, 200)}.`;
  return {
    title: `${drill ? 'Drill: ' : ''}[${severity}] #${number}${what}`,
    text: `${why}${where} ${acknowledgeWords(because)}`,
    grade: grades[severity],
  };
}
