import { randomUUID } from 'node:crypto';

/**
 * The harness's own books, kept apart from the process under test: everything that was acknowledged, and everything
 * that was asked and got no answer, which a client would ask again under the same id.
 */
export class Ledger {
  readonly receipts: { receipt: string; fingerprint: string }[] = [];
  readonly done: { id: string; number: number; marker: string }[] = [];
  readonly unanswered: { id: string; number: number; text: string; marker: string }[] = [];
  readonly faults: string[] = [];
  requests = 0;
}

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

  async function command(asked: Ledger['unanswered'][number]): Promise<void> {
    const result = await post('/api/commands', { id: asked.id, text: asked.text, incident: asked.number, user: 'ada' });
    if (result === null || result.status === 503) {
      ledger.unanswered.push(asked);
    } else if (result.status !== 200) {
      ledger.faults.push(`command ${asked.text}: ${result.status} ${JSON.stringify(result.answer)}`);
    } else if (!result.answer.refusal) {
      ledger.done.push({ id: asked.id, number: asked.number, marker: asked.marker });
    }
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

  async function commands(): Promise<void> {
    for (const asked of ledger.unanswered.splice(0)) await command(asked);
    const numbers = await open();
    const number = numbers[count++ % Math.max(1, numbers.length)];
    if (number === undefined) return;
    const ask = (verb: string) => {
      const marker = `m-${randomUUID()}`;
      return command({ id: randomUUID(), number, text: `/incident ${verb} ${marker}`, marker });
    };
    await ask('note');
    await ask('update');
    if (count % 7 === 0) {
      await ask('resolve');
      await command({ id: randomUUID(), number, text: '/incident close', marker: '' });
    }
  }

  const loop = async (act: () => Promise<void>): Promise<void> => {
    while (going) {
      await act();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  const loops = Promise.all([loop(alert), loop(alert), loop(commands)]);
  return {
    async stop() {
      going = false;
      await loops;
    },
  };
}
