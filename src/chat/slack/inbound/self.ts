import type { Calls } from './calls.js';

/** Who Muster is in the workspace. */
export interface Self {
  teamId: string;
  enterpriseId: string | null;
  userId: string;
  botId: string | null;
}

/** Asks Slack once; until it has answered every caller asks again. */
export function selfBy({ call }: Calls): () => Promise<Self> {
  let known: Promise<Self> | null = null;
  return () => {
    known ??= call('auth.test').then((answer) => ({
      teamId: answer.team_id,
      enterpriseId: answer.enterprise_id ?? null,
      userId: answer.user_id,
      botId: answer.bot_id ?? null,
    }));
    known.catch(() => {
      known = null;
    });
    return known;
  };
}

type Fields = Record<string, unknown>;
const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {});
const idOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** Whether a delivery is for the workspace Muster is in, or for its organisation. */
export function isForUs(body: Fields, self: Self): boolean {
  const team = idOf(body.team_id) ?? idOf(fieldsOf(body.team).id);
  if (team !== null) return team === self.teamId;
  const enterprise = idOf(body.enterprise_id) ?? idOf(fieldsOf(body.enterprise).id);
  return enterprise !== null && enterprise === self.enterpriseId;
}

/** Whether whoever pressed something belongs here: a shared channel has people of other workspaces in it. */
export const isOfUs = (teamOfPerson: unknown, self: Self): boolean =>
  idOf(teamOfPerson) === null || teamOfPerson === self.teamId || teamOfPerson === self.enterpriseId;
