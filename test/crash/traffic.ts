import { randomUUID } from 'node:crypto';

/**
 * The harness's own books, kept apart from the process under test: everything that was acknowledged, and everything
 * that was asked and got no answer, which a client would ask again under the same id.
 */
export class Ledger {
  readonly receipts: { receipt: string; fingerprint: string }[] = [];
  readonly done: Asked[] = [];
  readonly unanswered: Asked[] = [];
  /** Words of private incidents, and their numbers as far as they are known. */
  readonly secrets: string[] = [];
  readonly privately: number[] = [];
  privatelyAsked = 0;
  readonly faults: string[] = [];
  requests = 0;
}

interface Asked {
  id: string;
  /** null: anywhere. */
  number: number | null;
  text: string;
  /** Words that are in the ledger when it took effect; '': none. */
  marker: string;
  user: 'ada' | 'bob';
}

const privateAtMost = 2;
const services = ['registry', 'ci', 'git', 'billing', 'search'];

/** Posts alerts and commands to a running Muster until told to stop; whatever is answered 2xx is on the books. */
export function traffic(ledger: Ledger, url: () => string, seed: number): { stop(): Promise<void> } {
  let going = true;
  let count = seed;

  async function post(
    path: string,
    body: unknown,
  ): Promise<{ status: number; answer: Record<string, unknown> } | null> {
    ledger.requests++;
    try {
      const response = await fetch(`${url()}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(3_000),
      });
      return { status: response.status, answer: (await response.json()) as Record<string, unknown> };
    } catch {
      // The process died or stands still: no promise was made.
      return null;
    }
  }

  async function alert(): Promise<void> {
    const fingerprint = randomUUID();
    const service = services[count++ % services.length];
    const result = await post('/alerts/generic', {
      alerts: [{ title: `${service} fails`, service, severity: 'critical', fingerprint }],
    });
    if (result === null) return;
    if (result.status === 202) ledger.receipts.push({ receipt: String(result.answer.receipt), fingerprint });
    else if (result.status !== 503) ledger.faults.push(`alert: ${result.status} ${JSON.stringify(result.answer)}`);
  }

  /** Answers the code of its refusal. */
  async function command(asked: Asked): Promise<string | null> {
    const { id, text, number, user } = asked;
    const result = await post('/api/commands', { id, text, user, ...(number !== null && { incident: number }) });
    if (result === null || result.status === 503) {
      ledger.unanswered.push(asked);
    } else if (result.status !== 200) {
      ledger.faults.push(`command ${text}: ${result.status} ${JSON.stringify(result.answer)}`);
    } else if (result.answer.refusal) {
      return (result.answer.refusal as { code: string }).code;
    } else {
      ledger.done.push(asked);
      if (number === null) ledger.privately.push(Number(/^#(\d+) is declared/.exec(String(result.answer.text))?.[1]));
    }
    return null;
  }

  async function open(): Promise<number[]> {
    try {
      const response = await fetch(`${url()}/api/incidents?status=open&limit=20`, {
        signal: AbortSignal.timeout(3_000),
      });
      const { incidents } = (await response.json()) as { incidents: { number: number }[] };
      return incidents.map(({ number }) => number);
    } catch {
      return [];
    }
  }

  const say = (number: number | null, text: string, { marker = '', user = 'ada' }: Partial<Asked> = {}) =>
    command({ id: randomUUID(), number, text: `/incident ${text}${marker && ` ${marker}`}`, marker, user });
  const mark = (): string => `m-${randomUUID()}`;

  const secret = (): string => {
    const marker = mark();
    ledger.secrets.push(marker);
    return marker;
  };

  /** One step on, whatever it takes: begun, ticked, approved by somebody else than who does it. */
  async function walk(number: number): Promise<void> {
    const refusal = await say(number, 'done', { marker: mark() });
    if (refusal === 'approval-needed') {
      await say(number, 'take commander', { user: 'bob' });
      await say(number, 'approve', { user: 'bob' });
    } else if (refusal === 'no-playbook') {
      await say(number, 'playbook first');
    } else if (refusal === 'walk-not-started') {
      await say(number, 'next');
      await say(number, 'tick 1');
      await say(number, 'playbook add second');
    } else if (refusal === null) await say(number, 'tick 2');
  }

  /** Of private incidents there are few; only what is known of them by number is said more about. */
  async function privately(): Promise<void> {
    const number = ledger.privately[count % Math.max(1, ledger.privately.length)];
    if (number !== undefined) await say(number, 'update', { marker: secret() });
    if (ledger.privatelyAsked++ >= privateAtMost) return;
    await say(null, 'declare --private --sev 1 --service registry', { marker: secret() });
  }

  async function steps(): Promise<void> {
    // The oldest one alone: a walk that everybody takes by turns gets nowhere in lives so short.
    const number = (await open()).at(-1);
    if (number === undefined) return;
    await walk(number);
    await privately();
  }

  async function commands(): Promise<void> {
    for (const asked of ledger.unanswered.splice(0)) await command(asked);
    const numbers = await open();
    const number = numbers[count++ % Math.max(1, numbers.length)];
    if (number === undefined) return;
    await say(number, 'note', { marker: mark() });
    if (!ledger.privately.includes(number)) await say(number, 'update', { marker: mark() });
    if (count % 7 === 0) {
      await say(number, 'resolve', { marker: mark() });
      await say(number, 'close');
    }
  }

  const loop = async (act: () => Promise<void>): Promise<void> => {
    while (going) {
      await act();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  const loops = Promise.all([loop(alert), loop(alert), loop(commands), loop(steps)]);
  return {
    async stop() {
      going = false;
      await loops;
    },
  };
}
